import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { formatBytes, formatDuration, formatTime } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { toAddress } from "./filters.ts";
import { isRunning, type Video } from "./library-data.ts";
import { Poster } from "./poster.tsx";
import { formatRelativeTime } from "./relative-time.ts";
import { SpritePreview } from "./sprite-preview.tsx";

/** A pointer that only passes starts no preview. */
const previewDelayMs = 120;
/** Steps through a video by keyboard. */
const stepCount = 20;
const stepKeys: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

interface VideoCardProps {
  readonly video: Video;
  /** Index in the list, from 0. */
  readonly index: number;
  /** Number of videos; -1 while it is not known. */
  readonly count: number;
  readonly style: { readonly [property: string]: string };
  readonly isSelected: boolean;
  onSelect(id: string, isRange: boolean): void;
}

/** What a card says below the title and the status. */
const Detail = ({ video }: { readonly video: Video }) => {
  if (video.error !== null) return <p class="library-detail">{video.error.message}</p>;
  if (isRunning(video))
    return (
      <p class="library-detail">
        {video.status === "Submitted" ? "Starts as soon as possible" : video.progress.phase}
        {video.route !== null && ` · ${video.route}`}
      </p>
    );
  if (video.supersededBy !== null)
    return (
      <p class="library-detail">
        <a class="library-inner-link" href={`/watch/${video.supersededBy}`}>
          Replaced by a newer version
        </a>
      </p>
    );
  const { response } = video;
  return (
    <p class="library-detail">
      {response === null ? (
        [
          video.route ?? "No route",
          ...(video.width === null || video.height === null ? [] : [`${video.width}×${video.height}`]),
          formatBytes(video.bytes),
        ].join(" · ")
      ) : (
        <>
          <a
            class="library-inner-link"
            href={toAddress({ project: response.project, step: response.step })}
            title={`Responses to step ${response.step} of ${response.project}`}
          >
            {response.project} / {response.step}
          </a>{" "}
          <bdi>{response.mail}</bdi>
        </>
      )}
    </p>
  );
};

/** A video of the library. The whole card opens the video; its checkbox selects it. */
export const VideoCard = ({ video, index, count, style, isSelected, onSelect }: VideoCardProps) => {
  const isPreviewed = useSignal(false);
  const position = useSignal(0);
  const box = useRef({ left: 0, width: 0, height: 0 });
  const poster = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { storyboard } = video;
  const stopPreview = (): void => {
    clearTimeout(timer.current);
    isPreviewed.value = false;
  };
  useEffect(() => stopPreview, []);

  const startPreview = (at: number, delayMs: number): void => {
    if (storyboard === null || poster.current === null) return;
    clearTimeout(timer.current);
    const { left, width, height } = poster.current.getBoundingClientRect();
    box.current = { left, width, height };
    position.value = at;
    timer.current = setTimeout(() => {
      isPreviewed.value = true;
    }, delayMs);
  };
  const toPosition = (clientX: number): number =>
    Math.min(1, Math.max(0, (clientX - box.current.left) / box.current.width));
  const onPointerEnter = ({ pointerType, clientX }: PointerEvent): void => {
    if (pointerType === "touch") return;
    startPreview(0, previewDelayMs);
    position.value = toPosition(clientX);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepKeys[event.key];
    // With another key, it is a shortcut of the browser, e.g. Alt and an arrow: back and forward.
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (step === undefined || storyboard === null) return;
    event.preventDefault();
    position.value = Math.min(1, Math.max(0, position.value + step / stepCount));
  };

  return (
    <li
      class="library-card"
      style={style}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-selected={isSelected}
      onPointerEnter={onPointerEnter}
      onPointerMove={({ clientX }) => {
        position.value = toPosition(clientX);
      }}
      onPointerLeave={stopPreview}
    >
      <div class="library-poster" ref={poster}>
        <Poster video={video} />
        {isPreviewed.value && storyboard !== null && (
          <SpritePreview storyboard={storyboard} position={position} box={box.current} />
        )}
        {video.durationSeconds !== null && (
          <span class="library-duration">{formatDuration(video.durationSeconds)}</span>
        )}
        {video.status === "Progressing" && (
          <ProgressBar percent={video.progress.percent} label={`Progress of ${video.title}`} />
        )}
      </div>
      <div class="library-text">
        <a
          class="library-title"
          href={`/watch/${video.id}`}
          title={video.key}
          onFocus={({ currentTarget }) => currentTarget.matches(":focus-visible") && startPreview(0, 0)}
          onBlur={stopPreview}
          onKeyDown={onKeyDown}
        >
          <bdi>{video.title}</bdi>
        </a>
        <p class="library-state">
          <StatusBadge status={video.status} />
          {video.status === "Progressing" && <span>{Math.floor(video.progress.percent)} %</span>}
          <time class="muted" dateTime={video.createdAt} title={formatTime(video.createdAt)}>
            {formatRelativeTime(video.createdAt, new Date())}
          </time>
        </p>
        <Detail video={video} />
      </div>
      <label class="library-select">
        <input
          type="checkbox"
          checked={isSelected}
          onClick={({ shiftKey }) => onSelect(video.id, shiftKey)}
        />
        <span class="visually-hidden">
          Select <bdi>{video.title}</bdi>
        </span>
      </label>
    </li>
  );
};
