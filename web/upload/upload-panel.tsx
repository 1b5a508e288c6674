import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { formatCount } from "../components/format.ts";
import { AddNotice } from "./add-notice.tsx";
import { announce } from "./announce.ts";
import { readItem, writeItem } from "./browser-storage.ts";
import { CompletedItem } from "./completed-row.tsx";
import { ConnectionNotice } from "./connection-notice.tsx";
import { DestinationPicker } from "./destination-picker.tsx";
import { listDestinations, type RouteList } from "./destinations.ts";
import { DropZone } from "./drop-zone.tsx";
import { RowItem } from "./row-frame.tsx";
import { TransferItem } from "./transfer-row.tsx";
import { TransferSummary } from "./transfer-summary.tsx";
import { limitTransfers, sortRows, type UploadRow } from "./upload-rows.ts";
import type { AddResult, SelectedFile, Uploads } from "./uploads.ts";

const destinationItem = "reelway-upload-destination";

/** Transfers that are rendered; the others are counted. */
const maxTransferRows = 100;

const nothingAdded: AddResult = { addedFiles: 0, resumedFiles: 0, refusedFiles: [], skippedNames: [] };

/** Focuses the row after the one that is removed, or the button that adds files. */
const focusNextOf = (rows: readonly UploadRow[], id: string): void => {
  const index = rows.findIndex((row) => row.id === id);
  const next = rows[index + 1] ?? rows[index - 1];
  document.getElementById(next === undefined ? "upload-choose" : `upload-${next.id}`)?.focus();
};

/** A row of the list. It is rendered again only if it has changed: progress changes several times a second. */
const ListItem = ({
  row,
  uploads,
  onRemove,
}: {
  readonly row: UploadRow;
  readonly uploads: Uploads;
  readonly onRemove: (row: UploadRow) => void;
}) =>
  useMemo(
    () => (
      <RowItem id={row.id}>
        {row.kind === "transfer" ? (
          <TransferItem row={row} uploads={uploads} onCancel={() => onRemove(row)} />
        ) : (
          <CompletedItem row={row} completed={uploads.completed} onRemove={() => onRemove(row)} />
        )}
      </RowItem>
    ),
    [row, uploads, onRemove],
  );

/** Adds files and lists the uploads. */
export const UploadPanel = ({
  routes,
  uploads,
}: {
  readonly routes: RouteList;
  readonly uploads: Uploads;
}) => {
  const destinations = listDestinations(routes);
  const [prefix, setPrefix] = useState(() => readItem(destinationItem) ?? "");
  const [result, setResult] = useState(nothingAdded);
  const destination = destinations.find((one) => one.prefix === prefix) ?? destinations[0];
  const transfers = uploads.transfers.value;
  const completed = uploads.completed.rows.value;
  const visibleTransfers = limitTransfers(transfers, maxTransferRows);
  const hiddenCount = transfers.length - visibleTransfers.length;
  const rows = sortRows<UploadRow>([...visibleTransfers, ...completed]);
  const currentRows = useRef(rows);
  currentRows.current = rows;

  const selectPrefix = (next: string): void => {
    setPrefix(next);
    writeItem(destinationItem, next);
  };
  const addFiles = (files: readonly SelectedFile[]): void => {
    const next = uploads.add(files, destination?.prefix ?? "", routes);
    // A reason stays until it is dismissed, or another one follows.
    if (next.refusedFiles.length + next.skippedNames.length > 0) setResult(next);
    const count = next.addedFiles + next.resumedFiles;
    if (count > 0) announce(`${formatCount(count, "file")} added.`);
  };
  const remove = useCallback(
    (row: UploadRow): void => {
      focusNextOf(currentRows.current, row.id);
      if (row.kind === "completed") uploads.completed.remove([row.id]);
      else {
        uploads.cancel(row.id);
        announce(`The upload of ${row.name} is canceled.`);
      }
    },
    [uploads],
  );
  const clear = (): void => {
    uploads.completed.remove(completed.map(({ id }) => id));
    document.getElementById("upload-choose")?.focus();
  };
  return (
    <>
      <DestinationPicker
        destinations={destinations}
        selectedPrefix={destination?.prefix ?? ""}
        onSelect={selectPrefix}
      />
      <DropZone extensions={destination?.extensions ?? []} onFiles={addFiles} />
      <AddNotice result={result} onClose={() => setResult(nothingAdded)} />
      <ConnectionNotice transfers={transfers} uploads={uploads} />
      <TransferSummary transfers={transfers} uploads={uploads} />
      {rows.length > 0 && (
        <section class="upload-list" aria-labelledby="upload-list-title">
          <div class="upload-list-header">
            <h2 id="upload-list-title">Uploads</h2>
            {completed.length > 0 && (
              <button
                type="button"
                class="button"
                onClick={clear}
                title="Jobs go on; the library shows them."
              >
                Clear uploaded
              </button>
            )}
          </div>
          <ul>
            {rows.map((row) => (
              <ListItem key={row.id} row={row} uploads={uploads} onRemove={remove} />
            ))}
          </ul>
          {hiddenCount > 0 && <p class="muted">and {formatCount(hiddenCount, "more file")}</p>}
        </section>
      )}
    </>
  );
};
