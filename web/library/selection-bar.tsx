import { useLayoutEffect, useRef } from "preact/hooks";
import { FailureList } from "../components/failure-list.tsx";
import { formatCount } from "../components/format.ts";
import type { ActionReport } from "./bulk-actions.ts";
import { isDownloadable } from "./download.ts";
import { isRetryable, isRunning, type Video } from "./library-data.ts";

export type BulkAction = "retry" | "cancel" | "download" | "delete";

interface SelectionBarProps {
  readonly videos: readonly Video[];
  /** The action that runs. */
  readonly runningAction: BulkAction | undefined;
  onAction(action: BulkAction): void;
  onClear(): void;
}

/** What can be done with the selected videos. */
export const SelectionBar = ({ videos, runningAction, onAction, onClear }: SelectionBarProps) => {
  const runningCount = videos.filter(isRunning).length;
  const actions = [
    { action: "retry", label: "Retry", count: videos.filter(isRetryable).length },
    { action: "cancel", label: runningCount === 1 ? "Cancel job" : "Cancel jobs", count: runningCount },
    { action: "download", label: "Download", count: videos.filter(isDownloadable).length },
    { action: "delete", label: "Delete", count: videos.length },
  ] as const;
  const possibleActions = actions.filter(({ count }) => count > 0);
  return (
    <section class="library-selection" aria-label="Selected videos">
      <strong role="status">{formatCount(videos.length, "video")} selected</strong>
      <div class="library-selection-actions">
        {possibleActions.map(({ action, label, count }) => (
          <button
            key={action}
            type="button"
            class={action === "delete" ? "button button-danger" : "button"}
            disabled={runningAction !== undefined}
            onClick={() => onAction(action)}
          >
            {runningAction === action ? `${label} …` : count < videos.length ? `${label} (${count})` : label}
          </button>
        ))}
        <button type="button" class="button" aria-label="Clear the selection" onClick={onClear}>
          Clear
        </button>
      </div>
    </section>
  );
};

interface ReportProps {
  readonly report: ActionReport;
  onRetryPermanent(): void;
  onClose(): void;
}

/** The result of an action. It gets the focus, because the button that started the action may be gone. */
export const Report = ({ report, onRetryPermanent, onClose }: ReportProps) => {
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => section.current?.focus(), [report]);
  return (
    <section
      class={report.failures.length > 0 ? "failure library-report" : "library-report"}
      aria-label="Result"
      tabIndex={-1}
      ref={section}
    >
      <p>{report.summary}</p>
      <FailureList
        title={`Not done for ${formatCount(report.failures.length, "video")}:`}
        failures={report.failures}
      />
      <div class="library-selection-actions">
        {report.permanentFailures.length > 0 && (
          <button type="button" class="button" onClick={onRetryPermanent}>
            Retry anyway
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </section>
  );
};
