import { isEnded, type JobDetails } from "../api/follow-job.ts";
import { formatTime } from "../components/format.ts";
import { StatusBadge } from "../components/status-badge.tsx";
import { buildTimeline, formatStep } from "./timeline.ts";

/** The history of a job: a bar of its steps, and a list. */
export const Timeline = ({ job }: { readonly job: JobDetails }) => {
  const entries = buildTimeline(job.history, isEnded(job) ? undefined : Date.now());
  const attempts = new Set(entries.map(({ attempt }) => attempt)).size;
  return (
    <section class="watch-panel" aria-labelledby="watch-timeline">
      <h2 id="watch-timeline">Timeline of the job</h2>
      <div class="watch-timeline-bar" aria-hidden="true">
        {entries.map(({ at, status, durationMs }) => (
          <span
            key={`${at} ${status}`}
            class={`status-${status.toLowerCase()}`}
            style={{ flexGrow: durationMs ?? 0 }}
          />
        ))}
      </div>
      <ol class="watch-timeline">
        {entries.map(({ at, status, attempt, detail, durationMs }) => (
          <li key={`${at} ${status} ${detail}`}>
            <div class="watch-timeline-step">
              <StatusBadge status={status} />
              {attempts > 1 && <span class="muted">attempt {attempt}</span>}
              {durationMs !== null && <span class="muted">{formatStep(durationMs)}</span>}
              <time class="muted" dateTime={at}>
                {formatTime(at)}
              </time>
            </div>
            <p>{detail}</p>
          </li>
        ))}
      </ol>
    </section>
  );
};
