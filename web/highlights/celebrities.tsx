import { formatCount } from "../components/format.ts";
import { Frame } from "./frame.tsx";
import { type Celebrity, maxLabels } from "./highlights-data.ts";
import { LastSeen } from "./last-seen.tsx";

interface CelebritiesProps {
  readonly list: { readonly celebrities: readonly Celebrity[]; readonly cursor: string | null } | undefined;
}

/** The celebrities of a channel, last seen first. */
export const Celebrities = ({ list }: CelebritiesProps) => (
  <section class="highlights-section" aria-labelledby="highlights-celebrities">
    <h2 id="highlights-celebrities">Celebrities</h2>
    {list === undefined ? (
      <p role="status">Loading the celebrities…</p>
    ) : list.celebrities.length === 0 ? (
      <p class="muted">Nobody was recognized yet.</p>
    ) : (
      <ul class="highlights-labels">
        {list.celebrities.map(({ id, name, urls: [url], count, lastSeenAt, imageUrl }) => (
          <li key={id} class="highlights-label">
            <Frame url={imageUrl} />
            <span>
              <strong>
                {url === undefined ? (
                  <bdi>{name}</bdi>
                ) : (
                  <a href={url} rel="noreferrer">
                    <bdi>{name}</bdi>
                  </a>
                )}
              </strong>
              <span class="muted">
                {formatCount(count, "frame")} · <LastSeen at={lastSeenAt} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    )}
    {list !== undefined && list.cursor !== null && (
      <p class="muted">The {maxLabels} people who were seen last.</p>
    )}
  </section>
);
