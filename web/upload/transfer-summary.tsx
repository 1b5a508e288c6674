import { formatBytes } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { formatRate, formatTimeLeft } from "./transfer-rate.ts";
import { summarize, type TransferRow, toPercent } from "./upload-rows.ts";
import type { Uploads } from "./uploads.ts";

/** All transfers together, and what can be done with all of them. */
export const TransferSummary = ({
  transfers,
  uploads,
}: {
  readonly transfers: readonly TransferRow[];
  readonly uploads: Uploads;
}) => {
  if (transfers.length === 0) return null;
  const sentFiles = uploads.sentFiles.value;
  const { files, bytes, sentBytes, bytesPerSecond, canPause, canResume, undecided } = summarize(
    transfers,
    sentFiles,
  );
  const ids = transfers.map(({ id }) => id);
  const percent = toPercent(sentBytes, bytes);
  const texts = [
    files === 1 ? "1 file" : `${sentFiles.files} of ${files} files sent`,
    `${formatBytes(sentBytes)} of ${formatBytes(bytes)}`,
    ...(bytesPerSecond > 0
      ? [formatRate(bytesPerSecond), formatTimeLeft(bytes - sentBytes, bytesPerSecond) ?? ""]
      : []),
  ];
  return (
    <section class="upload-summary" aria-label="All uploads">
      <div class="upload-progress">
        <ProgressBar percent={percent} label="All uploads" />
        <span class="upload-percent">{percent} %</span>
      </div>
      <p>{texts.filter((text) => text !== "").join(" · ")}</p>
      <div class="upload-summary-actions">
        {undecided > 1 && (
          <button
            type="button"
            class="button"
            onClick={() =>
              uploads.replace(transfers.filter(({ state }) => state.kind === "exists").map(({ id }) => id))
            }
          >
            Replace all {undecided}
          </button>
        )}
        {(canPause || canResume) && (
          <button
            type="button"
            class="button"
            onClick={() => (canPause ? uploads.pause(ids) : uploads.resume(ids))}
          >
            {canPause ? "Pause all" : "Resume all"}
          </button>
        )}
      </div>
    </section>
  );
};
