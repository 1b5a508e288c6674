import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { formatCount } from "../components/format.ts";
import { statusLabels } from "../components/status-badge.tsx";
import { ListEnd } from "../library/list-end.tsx";
import { type Selection, toAddress } from "./address.ts";
import type { Appearance, AppearanceList, Channel, ListedAppearance } from "./channel-data.ts";
import { Frame } from "./frame.tsx";
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
    retrying: { text: "Clip follows", tone: "submitted" },
    refused: { text: "No clip", tone: "error" },
    Complete: { text: "Clip", tone: "complete" },
  };
  const other = others[clip.status];
  if (other !== undefined) return other;
  return clip.status === "accepted" || clip.status === "refused" || clip.status === "retrying"
    ? { text: "", tone: "canceled" }
    : { text: statusLabels[clip.status], tone: clip.status.toLowerCase() };
};

/** What an appearance may show more than its edges say; undefined if they are exact. */
const describeInexactEdges = ({ inexactEdges }: Appearance): string | undefined => {
  const parts = inexactEdges.map((edge) => (edge === "start" ? "begin earlier" : "end later"));
  return parts.length === 0 ? undefined : `May ${parts.join(" and ")}.`;
};

/** Builds the id of the link that plays a clip. */
export const buildPlayLinkId = (jobId: string): string => `play-${jobId}`;

interface ClipCardProps {
  /** Name of the channel. */
  readonly channel: string;
  readonly appearance: ListedAppearance;
  readonly selection: Selection;
  readonly onImageError: () => void;
}

const ClipCard = ({ channel, appearance, selection, onImageError }: ClipCardProps) => {
  const { label, start, end, confidence, imageUrl, clip } = appearance;
  const seconds = getSeconds(start, end);
  const { text, tone } = describeClip(appearance);
  const inexactText = describeInexactEdges(appearance);
  const [playable] = clip?.playables ?? [];
  const name = `${label} at ${formatClock(start)}`;
  return (
    <li
      class="highlights-card"
      aria-current={clip !== null && clip.jobId === selection.clip ? "true" : undefined}
    >
      <Frame url={clip?.posterUrl ?? imageUrl} onError={onImageError} />
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
        {inexactText !== undefined && <p class="muted">{inexactText}</p>}
        {clip?.message && (
          <p class="muted">
            {clip.retryAt !== null && (
              <>
                Requested again at <time dateTime={clip.retryAt}>{formatClock(clip.retryAt)}</time>.{" "}
              </>
            )}
            {clip.message}
          </p>
        )}
        <p class="highlights-actions highlights-card-actions">
          {clip !== null && clip.jobId !== null && playable !== undefined && (
            <>
              <a
                id={buildPlayLinkId(clip.jobId)}
                class="button highlights-small"
                href={toAddress({ ...selection, channel, clip: clip.jobId })}
              >
                Play<span class="visually-hidden"> {name}</span>
              </a>
              <a
                class="button highlights-small"
                href={playable.url}
                download={`${label} ${start.replaceAll(":", "-")}.mp4`}
              >
                Download<span class="visually-hidden"> {name}</span>
              </a>
            </>
          )}
        </p>
      </div>
    </li>
  );
};

interface ClipsProps {
  readonly channel: Channel;
  readonly list: AppearanceList;
  readonly selection: Selection;
  /** The section, in which new clips move nothing while it is in use. */
  readonly sectionRef: RefObject<HTMLElement | null>;
  readonly onImageError: () => void;
}

/** The appearances of a channel with their clips. */
export const Clips = ({ channel, list, selection, sectionRef, onImageError }: ClipsProps) => {
  const { route } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  const items = list.items.value;
  const newCount = list.newItems.value.length;
  const labels = [
    ...new Set([...channel.clipLabels, ...(selection.label === undefined ? [] : [selection.label])]),
  ];
  return (
    <section ref={sectionRef} class="highlights-section" aria-labelledby="highlights-clips">
      <div class="highlights-section-head">
        <h2 id="highlights-clips" ref={heading} tabIndex={-1}>
          Clips
        </h2>
        <p class="visually-hidden" role="status">
          {newCount > 0 && formatCount(newCount, "new clip")}
        </p>
        {newCount > 0 && (
          <button
            type="button"
            class="button button-primary highlights-small"
            onClick={() => {
              list.showNewItems();
              heading.current?.focus();
            }}
          >
            Show {newCount} new<span class="visually-hidden"> {newCount === 1 ? "clip" : "clips"}</span>
          </button>
        )}
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
      {!list.isReady.value && list.state.value !== "failed" && <p role="status">Loading the clips…</p>}
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
              onImageError={onImageError}
            />
          ))}
        </ul>
      )}
      <ListEnd list={list} noun="clips" />
    </section>
  );
};
