import { useState } from "preact/hooks";
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
import { sortRows, type UploadRow } from "./upload-rows.ts";
import type { AddResult, SelectedFile, Uploads } from "./uploads.ts";

const destinationItem = "reelway-upload-destination";

const nothingAdded: AddResult = { added: 0, resumed: 0, refused: [], skipped: [] };

const countFiles = (count: number): string => (count === 1 ? "1 file" : `${count} files`);

/** Focuses the row after the one that is removed, or the button that adds files. */
const focusNextOf = (rows: readonly UploadRow[], id: string): void => {
  const index = rows.findIndex((row) => row.id === id);
  const next = rows[index + 1] ?? rows[index - 1];
  document.getElementById(next === undefined ? "upload-choose" : `upload-${next.id}`)?.focus();
};

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
  const rows = sortRows<UploadRow>([...transfers, ...completed]);

  const select = (selected: string): void => {
    setPrefix(selected);
    writeItem(destinationItem, selected);
  };
  const addFiles = (files: readonly SelectedFile[]): void => {
    const added = uploads.add(files, destination?.prefix ?? "", routes);
    // A reason stays until it is dismissed, or another one follows.
    if (added.refused.length + added.skipped.length > 0) setResult(added);
    const count = added.added + added.resumed;
    if (count > 0) announce(`${countFiles(count)} added.`);
  };
  const remove = (row: UploadRow): void => {
    focusNextOf(rows, row.id);
    if (row.kind === "completed") uploads.completed.remove([row.id]);
    else {
      uploads.cancel(row.id);
      announce(`The upload of ${row.name} is canceled.`);
    }
  };
  const clear = (): void => {
    uploads.completed.remove(completed.map(({ id }) => id));
    document.getElementById("upload-choose")?.focus();
  };
  return (
    <>
      <DestinationPicker destinations={destinations} selected={destination?.prefix ?? ""} onSelect={select} />
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
              <RowItem key={row.id} id={row.id}>
                {row.kind === "transfer" ? (
                  <TransferItem row={row} uploads={uploads} onCancel={() => remove(row)} />
                ) : (
                  <CompletedItem row={row} completed={uploads.completed} onRemove={() => remove(row)} />
                )}
              </RowItem>
            ))}
          </ul>
        </section>
      )}
    </>
  );
};
