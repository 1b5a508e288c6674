import { useRef } from "preact/hooks";
import { formatBytes, formatTime } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { ActionButton } from "./action-button.tsx";
import { RowFrame } from "./row-frame.tsx";
import { formatRate, formatTimeLeft } from "./transfer-rate.ts";
import { isPausable, type TransferRow, type TransferState, toPercent } from "./upload-rows.ts";
import type { Uploads } from "./uploads.ts";

const labels: Readonly<Record<TransferState["kind"], string>> = {
  waiting: "Waiting",
  sending: "Uploading",
  paused: "Paused",
  connection: "Waiting for the connection",
  session: "Waiting for your sign-in",
  "file-needed": "File needed",
  exists: "Uploaded before",
  failed: "Failed",
};

/** Classes of the status badge of jobs, for the same colors. */
const colors: Readonly<Record<TransferState["kind"], string>> = {
  waiting: "canceled",
  sending: "progressing",
  paused: "canceled",
  connection: "submitted",
  session: "submitted",
  "file-needed": "submitted",
  exists: "submitted",
  failed: "error",
};

/** What is sent, how fast, and how long it takes. */
const describeProgress = ({ bytes, sentBytes, bytesPerSecond, state }: TransferRow): string =>
  [
    `${formatBytes(sentBytes)} of ${formatBytes(bytes)}`,
    ...(state.kind === "sending" && bytesPerSecond !== undefined
      ? [formatRate(bytesPerSecond), formatTimeLeft(bytes - sentBytes, bytesPerSecond) ?? ""]
      : []),
  ]
    .filter((text) => text !== "")
    .join(" · ");

/** What the user can do about the state. */
const describeState = ({ state }: TransferRow): string | undefined => {
  switch (state.kind) {
    case "connection":
      return "It goes on by itself when the server can be reached.";
    case "file-needed":
      return (
        state.mismatch ??
        "The page was reloaded, and cannot read the file by itself. Choose the same file again: only what is missing is sent."
      );
    case "exists":
      return `A file with this name was uploaded on ${formatTime(state.createdAt)}. A new version replaces it and its outputs.`;
    case "failed":
      return state.reason;
    default:
      return undefined;
  }
};

interface TransferRowProps {
  readonly row: TransferRow;
  readonly uploads: Uploads;
  readonly onCancel: () => void;
}

/** A file that is being sent. */
export const TransferItem = ({ row, uploads, onCancel }: TransferRowProps) => {
  const input = useRef<HTMLInputElement>(null);
  const { id, name, state } = row;
  const percent = toPercent(row.sentBytes, row.bytes);
  const message = describeState(row);
  const actions = (
    <>
      {isPausable(state) && (
        <ActionButton key="pause" label="Pause" name={name} onClick={() => uploads.pause([id])} />
      )}
      {state.kind === "paused" && (
        <ActionButton key="pause" label="Resume" name={name} onClick={() => uploads.resume([id])} />
      )}
      {state.kind === "failed" && (
        <ActionButton label="Retry" name={name} isPrimary onClick={() => uploads.retry(id)} />
      )}
      {state.kind === "exists" && (
        <ActionButton label="Replace" name={name} isPrimary onClick={() => uploads.replace([id])} />
      )}
      {state.kind === "file-needed" && (
        <>
          <input
            ref={input}
            type="file"
            hidden
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = "";
              if (file !== undefined) uploads.provide(id, file);
            }}
          />
          <ActionButton label="Choose file" name={name} isPrimary onClick={() => input.current?.click()} />
        </>
      )}
      <ActionButton key="cancel" label="Cancel" name={name} onClick={onCancel} />
    </>
  );
  return (
    <RowFrame
      name={name}
      folder={row.folder}
      status={<span class={`status status-${colors[state.kind]}`}>{labels[state.kind]}</span>}
      actions={actions}
    >
      <div class="upload-progress">
        <ProgressBar percent={percent} label={`Upload of ${name}`} />
        <span class="upload-percent">{percent} %</span>
      </div>
      <p class="muted">{describeProgress(row)}</p>
      {message !== undefined && (
        <p class={state.kind === "failed" ? "upload-problem" : ""} dir="auto">
          {message}
        </p>
      )}
      {row.note !== undefined && <p class="muted">{row.note}</p>}
    </RowFrame>
  );
};
