import type { ComponentChildren } from "preact";
import { formatCount, formatTime } from "../components/format.ts";
import { formatRelativeTime } from "../library/relative-time.ts";
import { FoundItem } from "./found-item.tsx";

/** A label or a celebrity that was seen. */
interface Finding {
  readonly id: string;
  readonly name: ComponentChildren;
  readonly imageUrl: string | null;
  /** Frames in which it was seen. */
  readonly count: number;
  /** ISO 8601. */
  readonly lastSeenAt: string;
}

interface FindingsProps {
  readonly title: string;
  /** Last seen first; undefined until they have been read. */
  readonly findings: readonly Finding[] | undefined;
  /** Whether there are others that were seen before. */
  readonly hasMore: boolean;
  /** What is shown instead of an empty list. */
  readonly emptyText: string;
  readonly now: Date;
}

/** What was seen in a channel, last seen first. */
export const Findings = ({ title, findings, hasMore, emptyText, now }: FindingsProps) => {
  const noun = title.toLowerCase();
  const id = `highlights-${noun}`;
  return (
    <section class="highlights-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {findings === undefined ? (
        <p role="status">Loading the {noun}…</p>
      ) : findings.length === 0 ? (
        <p class="muted">{emptyText}</p>
      ) : (
        <ul class="highlights-labels">
          {findings.map(({ id: key, name, imageUrl, count, lastSeenAt }) => (
            <FoundItem key={key} imageUrl={imageUrl} name={name}>
              {formatCount(count, "frame")} ·{" "}
              <time dateTime={lastSeenAt} title={formatTime(lastSeenAt)}>
                {formatRelativeTime(lastSeenAt, now)}
              </time>
            </FoundItem>
          ))}
        </ul>
      )}
      {findings !== undefined && hasMore && (
        <p class="muted">
          The {findings.length} {noun} that were seen last.
        </p>
      )}
    </section>
  );
};
