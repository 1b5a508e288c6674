import { Frame } from "./frame.tsx";
import type { Channel } from "./highlights-data.ts";
import { formatClock } from "./times.ts";

/** The appearances that have not ended. */
export const OnNow = ({ channel: { current, clipLabels } }: { readonly channel: Channel }) => (
  <section class="highlights-section" aria-labelledby="highlights-now">
    <h2 id="highlights-now">On now</h2>
    {current.length === 0 ? (
      <p class="muted">
        {clipLabels.length === 0
          ? "The channel has no labels to clip. Add clipLabels to its configuration."
          : `None of the labels to clip is on now: ${clipLabels.join(", ")}.`}
      </p>
    ) : (
      <ul class="highlights-labels" aria-live="polite">
        {current.map(({ id, label, start, confidence, imageUrl }) => (
          <li key={id} class="highlights-label highlights-live">
            <Frame url={imageUrl} />
            <span>
              <strong>
                <bdi>{label}</bdi>
              </strong>
              <span class="muted">
                since <time dateTime={start}>{formatClock(start)}</time> · {Math.round(confidence)} %
              </span>
            </span>
          </li>
        ))}
      </ul>
    )}
  </section>
);
