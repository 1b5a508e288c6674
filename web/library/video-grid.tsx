import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { findCardRange, type GridLayout, getCardPosition, getGridHeight, planGrid } from "./grid-layout.ts";
import type { Video } from "./library-data.ts";
import type { PagedList } from "./paged-list.ts";
import type { Selection } from "./selection.ts";
import { VideoCard } from "./video-card.tsx";

/** The next page is loaded when its distance is less than this many windows. */
const loadAheadWindows = 1.5;

interface VideoGridProps {
  readonly list: PagedList<Video>;
  /** Whether the list is no longer that of the filters, while the new one loads. */
  readonly isStale: boolean;
  readonly selection: Selection;
  onSelect(id: string, isRange: boolean): void;
  /** Called with the videos that are rendered. */
  onRender(videos: readonly Video[]): void;
}

const getRem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The grid of videos. Only the cards in and around the window are in the document, at their places. */
export const VideoGrid = ({ list, isStale, selection, onSelect, onRender }: VideoGridProps) => {
  const grid = useRef<HTMLUListElement>(null);
  const layout = useSignal<GridLayout | undefined>(undefined);
  const range = useSignal({ first: 0, end: 0 });
  const focusedIndex = useSignal(-1);
  const items = list.items.value;

  const updateRange = (): void => {
    if (grid.current === null || layout.value === undefined) return;
    const { top, bottom } = grid.current.getBoundingClientRect();
    const visible = { top: -top, bottom: window.innerHeight - top };
    const next = findCardRange(layout.value, list.items.value.length, visible);
    if (next.first !== range.value.first || next.end !== range.value.end) range.value = next;
    if (bottom < window.innerHeight * (1 + loadAheadWindows) && list.state.value === "idle" && !isStale)
      void list.loadMore();
  };
  const update = useRef(updateRange);
  update.current = updateRange;

  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const measure = (): void => {
      layout.value = planGrid(element.clientWidth, getRem());
      update.current();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const onScroll = (): void => update.current();
    window.addEventListener("scroll", onScroll, { passive: true });
    window.addEventListener("resize", onScroll);
    return () => {
      observer.disconnect();
      window.removeEventListener("scroll", onScroll);
      window.removeEventListener("resize", onScroll);
    };
  }, [layout]);

  // The window goes where it was in this list, before the first paint. The grid needs its height for that.
  useLayoutEffect(() => {
    if (grid.current !== null)
      grid.current.style.height = `${getGridHeight(planGrid(grid.current.clientWidth, getRem()), list.items.value.length)}px`;
    window.scrollTo(0, list.scrollTop);
    const onScroll = (): void => {
      list.scrollTop = window.scrollY;
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, [list]);
  useLayoutEffect(() => update.current(), [list, items.length, list.state.value]);

  const { first, end } = range.value;
  const indexes = Array.from(
    { length: Math.max(0, Math.min(end, items.length) - first) },
    (_, at) => first + at,
  );
  // A card that has the focus stays in the document, or the focus would be lost.
  if (
    focusedIndex.value >= 0 &&
    focusedIndex.value < items.length &&
    (focusedIndex.value < first || focusedIndex.value >= end)
  )
    indexes.push(focusedIndex.value);
  const renderedIndexes = layout.value === undefined ? [] : indexes.sort((a, b) => a - b);
  useEffect(() => onRender(renderedIndexes.flatMap((index) => items[index] ?? [])));

  const size = layout.value;
  return (
    <ul
      class="library-grid"
      ref={grid}
      aria-label="Videos"
      aria-busy={isStale}
      data-stale={isStale}
      style={{ height: `${size === undefined ? 0 : getGridHeight(size, items.length)}px` }}
      onFocusIn={({ target }) => {
        const card = target instanceof Element ? target.closest("[aria-posinset]") : null;
        focusedIndex.value = Number(card?.getAttribute("aria-posinset") ?? 0) - 1;
      }}
      onFocusOut={() => {
        focusedIndex.value = -1;
      }}
    >
      {size !== undefined &&
        renderedIndexes.map((index) => {
          const video = items[index];
          if (video === undefined) return null;
          const { left, top } = getCardPosition(size, index);
          return (
            <VideoCard
              key={video.id}
              video={video}
              index={index}
              count={list.isComplete.value ? items.length : -1}
              isSelected={selection.has(video.id)}
              onSelect={onSelect}
              style={{
                transform: `translate(${left}px, ${top}px)`,
                width: `${size.cardWidth}px`,
                height: `${size.cardHeight}px`,
              }}
            />
          );
        })}
    </ul>
  );
};
