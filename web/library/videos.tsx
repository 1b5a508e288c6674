import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { mapLimited } from "../api/map-limited.ts";
import { Failure } from "../components/failure.tsx";
import { formatCount } from "../components/format.ts";
import { DeleteDialog } from "../deletion/delete-dialog.tsx";
import { type ActionReport, changeJobs } from "./bulk-actions.ts";
import { downloadVideos, isDownloadable } from "./download.ts";
import { NoMatch, NoVideos, Skeleton } from "./empty-states.tsx";
import { type Filters, hasFilters } from "./filters.ts";
import {
  findVideoList,
  isRetryable,
  isRunning,
  pageSizes,
  readVideo,
  removeFromLists,
  updateLists,
  type Video,
} from "./library-data.ts";
import { PollingNotice } from "./polling-notice.tsx";
import { keepListed, type Selection, selectTo, toggle } from "./selection.ts";
import { type BulkAction, Report, SelectionBar } from "./selection-bar.tsx";
import { choosePollDelay, usePolling } from "./use-polling.ts";
import { VideoGrid } from "./video-grid.tsx";

/** New videos move what the user looks at, unless the window is at its top. */
const topPixels = 150;
const isAtTop = (): boolean => window.scrollY < topPixels;

/** The videos with filters. */
export const Videos = ({ filters }: { readonly filters: Filters }) => {
  const list = findVideoList(filters);
  const lastReadyList = useRef(list);
  const selection = useSignal<Selection>(new Set());
  const anchor = useRef<string>(undefined);
  const renderedVideos = useRef<readonly Video[]>([]);
  const report = useSignal<ActionReport | undefined>(undefined);
  const runningAction = useSignal<BulkAction | undefined>(undefined);
  const videosToDelete = useSignal<readonly Video[]>([]);

  useEffect(() => {
    selection.value = new Set();
    if (list.isReady.value) list.refresh(true).catch(() => undefined);
    else void list.loadMore();
    return () => list.stop();
  }, [list, selection]);
  const isShown = list.isReady.value;
  if (isShown) lastReadyList.current = list;
  const shownList = lastReadyList.current;
  const items = shownList.items.value;
  const pollingFailure = usePolling(async () => {
    await list.refresh(isAtTop());
    const positions = new Map(list.items.value.map(({ id }, index) => [id, index]));
    const others = renderedVideos.current.filter(
      (video) => isRunning(video) && (positions.get(video.id) ?? 0) >= pageSizes.first,
    );
    await mapLimited(others, async ({ id }) => {
      const video = await readVideo(id);
      if (video === undefined) removeFromLists([id]);
      else list.update(id, () => video);
    });
  }, choosePollDelay(items));

  useEffect(() => {
    selection.value = keepListed(
      selection.value,
      items.map(({ id }) => id),
    );
  }, [items, selection]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || videosToDelete.value.length > 0) return;
      if (event.target instanceof HTMLInputElement && event.target.type === "search") return;
      selection.value = new Set();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [selection, videosToDelete]);

  const onSelect = (id: string, isRange: boolean): void => {
    const ids = isRange ? items.map((video) => video.id) : [];
    selection.value = isRange
      ? selectTo(selection.value, ids, anchor.current, id)
      : toggle(selection.value, id);
    anchor.current = id;
  };
  const clear = (): void => {
    selection.value = new Set();
    document.getElementById("library-title")?.focus();
  };
  const run = async (action: BulkAction, operation: Promise<ActionReport>): Promise<void> => {
    runningAction.value = action;
    report.value = undefined;
    report.value = await operation;
    runningAction.value = undefined;
  };
  const change = (action: "retry" | "cancel", videos: readonly Video[], force = false): Promise<void> =>
    run(action, changeJobs(action, videos, { force, onChange: updateLists }));
  const selectedVideos = items.filter(({ id }) => selection.value.has(id));
  const act = (action: BulkAction): void => {
    if (action === "delete") videosToDelete.value = selectedVideos;
    else if (action === "download") void run(action, downloadVideos(selectedVideos.filter(isDownloadable)));
    else void change(action, selectedVideos.filter(action === "retry" ? isRetryable : isRunning));
  };

  if (!isShown && list.state.value === "failed")
    return (
      <Failure title="The videos could not be loaded" message={list.failure.value}>
        <button type="button" class="button" onClick={() => void list.loadMore()}>
          Try again
        </button>
      </Failure>
    );
  if (!shownList.isReady.value) return <Skeleton noun="videos" />;
  return (
    <>
      <PollingNotice failure={pollingFailure.value} />
      {report.value !== undefined && (
        <Report
          report={report.value}
          onRetryPermanent={() => void change("retry", report.value?.permanentFailures ?? [], true)}
          onClose={() => {
            report.value = undefined;
            document.getElementById("library-title")?.focus();
          }}
        />
      )}
      {list.newItems.value.length > 0 && (
        <button
          type="button"
          class="button button-primary library-new"
          onClick={() => {
            list.showNewItems();
            window.scrollTo(0, 0);
          }}
        >
          Show {formatCount(list.newItems.value.length, "new video")}
        </button>
      )}
      {items.length === 0 ? (
        hasFilters(filters) ? (
          <NoMatch noun="videos" clearAddress="/" />
        ) : (
          <NoVideos />
        )
      ) : (
        <>
          <div class="library-count">
            <p class="muted" role="status">
              {formatCount(items.length, "video")}
              {!shownList.isComplete.value && ", more below"}
            </p>
            <button
              type="button"
              class="button library-small"
              onClick={() => {
                selection.value = new Set(items.map(({ id }) => id));
              }}
            >
              Select all {items.length.toLocaleString("en")}
            </button>
          </div>
          <VideoGrid
            list={shownList}
            isStale={!isShown}
            selection={selection.value}
            onSelect={onSelect}
            onRender={(videos) => {
              renderedVideos.current = videos;
            }}
          />
        </>
      )}
      {isShown && items.length > 0 && list.state.value === "failed" && (
        <Failure title="More videos could not be loaded" message={list.failure.value}>
          <button type="button" class="button" onClick={() => void list.loadMore()}>
            Try again
          </button>
        </Failure>
      )}
      {selectedVideos.length > 0 && (
        <SelectionBar
          videos={selectedVideos}
          runningAction={runningAction.value}
          onAction={act}
          onClear={clear}
        />
      )}
      {videosToDelete.value.length > 0 && (
        <DeleteDialog
          videos={videosToDelete.value}
          onDeleted={removeFromLists}
          onClose={(result) => {
            videosToDelete.value = [];
            if (result !== undefined) report.value = { ...result, permanentFailures: [] };
          }}
        />
      )}
    </>
  );
};
