import type { Channel } from "./channel-data.ts";
import { FoundItem } from "./found-item.tsx";
import { formatClock } from "./times.ts";

interface OnNowProps {
  readonly channel: Pick<Channel, "current" | "clipLabels">;
  readonly now: Date;
}

/**
 * The appearances that have not ended, in one row, which is as high without any: what is below stays where it is when one
 * starts or ends.
 */
export const OnNow = ({ channel: { current, clipLabels }, now }: OnNowProps) => (
  <section class="highlights-section" aria-labelledby="highlights-now">
    <h2 id="highlights-now">On now</h2>
    <p class="visually-hidden" role="status">
      {current.length > 0 && `On now: ${current.map(({ label }) => label).join(", ")}`}
    </p>
    {current.length === 0 ? (
      <p class="highlights-row muted">
        {clipLabels.length === 0
          ? "The channel has no labels to clip. Add clipLabels to its configuration."
          : `None of the labels to clip is on now: ${clipLabels.join(", ")}.`}
      </p>
    ) : (
      <ul
        class="highlights-row"
        tabIndex={current.length > 1 ? 0 : undefined}
        aria-labelledby="highlights-now"
      >
        {current.map(({ id, label, start, inexactEdges, confidence, imageUrl }) => (
          <FoundItem key={id} imageUrl={imageUrl} name={<bdi>{label}</bdi>} isLive>
            since <time dateTime={start}>{formatClock(start, now)}</time>
            {inexactEdges.includes("start") && " or earlier"} · {Math.round(confidence)} %
          </FoundItem>
        ))}
      </ul>
    )}
  </section>
);
