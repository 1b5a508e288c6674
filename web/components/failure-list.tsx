import type { ActionFailure } from "./action-report.ts";

/** More failures are counted only. */
const maxShown = 20;

/** The videos for which an action failed, and why. */
export const FailureList = ({
  title,
  failures,
}: {
  readonly title: string;
  readonly failures: readonly ActionFailure[];
}) =>
  failures.length === 0 ? null : (
    <div class="failure-list">
      <p>{title}</p>
      <ul>
        {failures.slice(0, maxShown).map(({ video, reason }) => (
          <li key={video.id}>
            <bdi>{video.title}</bdi>: {reason}
          </li>
        ))}
        {failures.length > maxShown && <li>and {failures.length - maxShown} more</li>}
      </ul>
    </div>
  );
