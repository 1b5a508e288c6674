import { formatCount } from "../components/format.ts";
import { type Selection, toAddress } from "./address.ts";
import { Frame } from "./frame.tsx";
import { type Channel, type Label, maxLabels } from "./highlights-data.ts";
import { LastSeen } from "./last-seen.tsx";

interface LabelsProps {
  readonly channel: Channel;
  readonly selection: Selection;
  readonly labels: { readonly labels: readonly Label[]; readonly cursor: string | null } | undefined;
}

/** The labels of a channel, last seen first. Those that are clipped select their clips. */
export const Labels = ({ channel, selection, labels: page }: LabelsProps) => {
  const findClipLabel = (name: string): string | undefined =>
    channel.clipLabels.find((label) => label.toLowerCase() === name.toLowerCase());
  return (
    <section class="highlights-section" aria-labelledby="highlights-labels">
      <h2 id="highlights-labels">Labels</h2>
      {page === undefined ? (
        <p role="status">Loading the labels…</p>
      ) : page.labels.length === 0 ? (
        <p class="muted">No labels yet. They appear here by themselves.</p>
      ) : (
        <ul class="highlights-labels">
          {page.labels.map((label) => {
            const { name, count, lastSeenAt, imageUrl } = label;
            const clipLabel = findClipLabel(name);
            return (
              <li key={name} class="highlights-label">
                <Frame url={imageUrl} />
                <span>
                  <strong>
                    {clipLabel === undefined ? (
                      <bdi>{name}</bdi>
                    ) : (
                      <a
                        href={toAddress({ channel: channel.name, label: clipLabel })}
                        aria-current={selection.label === clipLabel ? "true" : undefined}
                      >
                        <bdi>{name}</bdi>
                      </a>
                    )}
                  </strong>
                  <span class="muted">
                    {formatCount(count, "frame")} · <LastSeen at={lastSeenAt} />
                  </span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {page !== undefined && page.cursor !== null && (
        <p class="muted">The {maxLabels} labels that were seen last.</p>
      )}
    </section>
  );
};
