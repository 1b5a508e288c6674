import { useLocation } from "preact-iso/router";
import { Failure } from "../components/failure.tsx";
import { statusLabels } from "../components/status-badge.tsx";
import type { PagedList } from "../library/paged-list.ts";
import { type Selection, toAddress } from "./address.ts";
import { Frame } from "./frame.tsx";
import type { Appearance, Channel, ListedAppearance } from "./highlights-data.ts";
import { formatClock, getSeconds } from "./times.ts";

type Clip = NonNullable<Appearance["clip"]>;

/** How a clip is, in words, and as the status of a job. */
const describeClip = ({ status, clip }: Appearance): { readonly text: string; readonly tone: string } => {
  if (clip === null)
    return status === "open"
      ? { text: "On now", tone: "progressing" }
      : { text: "Clip follows", tone: "submitted" };
  const others: Partial<Record<Clip["status"], { readonly text: string; readonly tone: string }>> = {
    accepted: { text: "Made by another system", tone: "complete" },
    refused: { text: "No clip", tone: "error" },
    Complete: { text: "Clip", tone: "complete" },
  };
  const other = others[clip.status];
  if (other !== undefined) return other;
  return clip.status === "accepted" || clip.status === "refused"
    ? { text: "", tone: "canceled" }
    : { text: statusLabels[clip.status], tone: clip.status.toLowerCase() };
};

interface ClipCardProps {
  /** Name of the channel. */
  readonly channel: string;
  readonly appearance: ListedAppearance;
  readonly selection: Selection;
}

const ClipCard = ({ channel, appearance, selection }: ClipCardProps) => {
  const { label, start, end, confidence, imageUrl, clip } = appearance;
  const seconds = getSeconds(start, end);
  const { text, tone } = describeClip(appearance);
  const [playable] = clip?.playables ?? [];
  const name = `${label} at ${formatClock(start)}`;
  return (
    <li
      class="highlights-card"
      aria-current={clip !== null && clip.jobId === selection.clip ? "true" : undefined}
    >
      <Frame url={clip?.posterUrl ?? imageUrl} />
      <div class="highlights-card-text">
        <h3>
          <bdi>{label}</bdi>
        </h3>
        <p>
          <time dateTime={start}>{formatClock(start)}</time>
          {seconds !== undefined && ` · ${seconds.toFixed(1)} s`}
        </p>
        <p class="highlights-card-state">
          <span class={`status status-${tone}`}>{text}</span>
          <span class="muted">{Math.round(confidence)} %</span>
        </p>
        {clip?.message && <p class="muted">{clip.message}</p>}
        {clip !== null && clip.jobId !== null && playable !== undefined && (
          <p class="highlights-actions">
            <a class="button highlights-small" href={toAddress({ ...selection, channel, clip: clip.jobId })}>
              Play<span class="visually-hidden"> {name}</span>
            </a>
            <a
              class="button highlights-small"
              href={playable.url}
              download={`${label} ${start.replaceAll(":", "-")}.mp4`}
            >
              Download<span class="visually-hidden"> {name}</span>
            </a>
          </p>
        )}
      </div>
    </li>
  );
};

interface ClipsProps {
  readonly channel: Channel;
  readonly list: PagedList<ListedAppearance>;
  readonly selection: Selection;
}

/** The appearances of a channel with their clips. */
export const Clips = ({ channel, list, selection }: ClipsProps) => {
  const { route } = useLocation();
  const items = list.items.value;
  const isFailed = list.state.value === "failed";
  const labels = [
    ...new Set([...channel.clipLabels, ...(selection.label === undefined ? [] : [selection.label])]),
  ];
  return (
    <section class="highlights-section" aria-labelledby="highlights-clips">
      <div class="highlights-section-head">
        <h2 id="highlights-clips">Clips</h2>
        {labels.length > 0 && (
          <select
            class="field"
            aria-label="Label"
            value={selection.label ?? ""}
            onChange={({ currentTarget: { value } }) =>
              route(toAddress({ channel: channel.name, ...(value === "" ? {} : { label: value }) }))
            }
          >
            <option value="">All labels</option>
            {labels.map((label) => (
              <option key={label} value={label}>
                {label}
              </option>
            ))}
          </select>
        )}
      </div>
      {!list.isReady.value && !isFailed && <p role="status">Loading the clips…</p>}
      {list.isReady.value && items.length === 0 && (
        <p class="muted">
          {selection.label === undefined
            ? "No clips yet. A clip appears here by itself when a label to clip has appeared and disappeared."
            : `No clips of ${selection.label} yet. They appear here by themselves.`}
        </p>
      )}
      {items.length > 0 && (
        <ul class="highlights-cards">
          {items.map((appearance) => (
            <ClipCard
              key={appearance.id}
              channel={channel.name}
              appearance={appearance}
              selection={selection}
            />
          ))}
        </ul>
      )}
      {isFailed && (
        <Failure title="The clips could not be loaded" message={list.failure.value}>
          <button type="button" class="button" onClick={() => void list.loadMore()}>
            Try again
          </button>
        </Failure>
      )}
      {list.isReady.value && !list.isComplete.value && !isFailed && (
        <button
          type="button"
          class="button highlights-more"
          disabled={list.state.value === "loading"}
          onClick={() => void list.loadMore()}
        >
          Show more clips
        </button>
      )}
    </section>
  );
};
