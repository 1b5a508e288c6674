import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import lazy from "preact-iso/lazy";
import { useLocation, useRoute } from "preact-iso/router";
import { api, getBody, isNotFound } from "../api/client.ts";
import { isEnded, type JobDetails } from "../api/follow-job.ts";
import type { ActionFailure } from "../components/action-report.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Failure } from "../components/failure.tsx";
import { formatBytes, formatDuration, formatTime } from "../components/format.ts";
import { NotFound } from "../components/not-found.tsx";
import { usePageTitle } from "../components/page-title.ts";
import { StatusBadge } from "../components/status-badge.tsx";
import { DeleteDialog } from "../deletion/delete-dialog.tsx";
import { removeFromLists, updateLists } from "../library/library-data.ts";
import { loadView } from "../load-view.ts";
import { ShortcutHelp } from "../player/shortcut-help.tsx";
import { buildTimeLink, parseTimeParameter } from "../player/time.ts";
import { Comparison } from "./comparison.tsx";
import { Cost } from "./cost.tsx";
import { EndedJob, RunningJob, Warnings } from "./job-state.tsx";
import { Timeline } from "./job-timeline.tsx";
import { Outputs } from "./outputs.tsx";
import { ShareDialog } from "./share-dialog.tsx";
import { useVideo, type Video } from "./use-video.ts";
import "./watch.css";

const Player = lazy(() => loadView(async () => (await import("../player/player.tsx")).Player));

const describeVideo = ({ durationSeconds, width, height, bytes, createdAt }: Video): string =>
  [
    durationSeconds === null ? undefined : formatDuration(durationSeconds),
    width === null || height === null ? undefined : `${width} × ${height}`,
    `upload of ${formatBytes(bytes)}`,
    formatTime(createdAt),
  ]
    .filter((part) => part !== undefined)
    .join(" · ");

/** The view of one video: player, or progress or failure of its job, and everything about it. */
export const Watch = () => {
  const { id = "" } = useRoute().params;
  // The router keeps the view from one video to the next: nothing of the first one may stay.
  return <WatchVideo key={id} id={id} />;
};

const WatchVideo = ({ id }: { readonly id: string }) => {
  const { query } = useRoute();
  const { route } = useLocation();
  const { video, job, failure, reload, setJob } = useVideo(id);
  const [dialog, setDialog] = useState<"share" | "delete">();
  const startSeconds = parseTimeParameter(query.t);
  const [seconds, setSeconds] = useState(startSeconds ?? 0);
  const element = useRef<HTMLVideoElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const load = useCallback(
    () => getBody(api.POST("/videos/{id}/playback", { params: { path: { id } } })),
    [id],
  );
  const [deletionFailures, setDeletionFailures] = useState<readonly ActionFailure[]>([]);
  // The dialog reads what a deletion removes once for each list.
  const videosToDelete = useMemo(() => (video === undefined ? [] : [video]), [video?.id]);
  usePageTitle(video?.title ?? "Watch");
  const isMissing = isNotFound(failure);
  useEffect(() => {
    if (isMissing) removeFromLists([id]);
  }, [isMissing, id]);

  if (failure !== undefined)
    return isMissing ? (
      <NotFound />
    ) : (
      <section class="empty-state" role="alert">
        <h1>The video could not be loaded</h1>
        <p>{failure.message}</p>
        <button type="button" class="button" onClick={() => void reload()}>
          Try again
        </button>
      </section>
    );
  if (video === undefined || job === undefined) return <p role="status">Loading the video…</p>;

  const isReady = job.status === "Complete" && video.supersededBy === null;
  const changeJob = (newJob: JobDetails): void => {
    setJob(newJob);
    updateLists(newJob);
    // The button that had the focus goes with the job's earlier state.
    heading.current?.focus();
  };
  const buildLink = (): string => buildTimeLink(window.location.href, seconds);
  const closeDialog = (): void => setDialog(undefined);
  return (
    <article class="watch">
      <header class="watch-head">
        <h1 ref={heading} tabIndex={-1}>
          <bdi>{video.title}</bdi>
        </h1>
        <p class="watch-about">
          <StatusBadge status={job.status} />
          <span class="muted">{describeVideo(video)}</span>
        </p>
      </header>
      {!isEnded(job) ? (
        <RunningJob job={job} onChange={changeJob} />
      ) : job.status !== "Complete" ? (
        <EndedJob job={job} onChange={changeJob} />
      ) : isReady ? (
        <Player
          load={load}
          startSeconds={startSeconds}
          onTime={setSeconds}
          onVideo={(playerVideo) => {
            element.current = playerVideo;
          }}
        />
      ) : (
        <div class="watch-state">
          <p class="watch-state-title">A newer version of this upload has replaced the video</p>
          <a class="button button-primary" href={`/watch/${video.supersededBy}`}>
            Watch the newer version
          </a>
        </div>
      )}
      <div class="watch-actions">
        {isReady && (
          <>
            <CopyButton
              label={`Copy link at ${formatDuration(seconds)}`}
              getText={buildLink}
              fallback="This browser does not allow it. The address bar has the link now."
              onRefused={() => history.replaceState(history.state, "", buildLink())}
            />
            <button type="button" class="button" onClick={() => setDialog("share")}>
              Share
            </button>
          </>
        )}
        <button type="button" class="button button-danger" onClick={() => setDialog("delete")}>
          Delete
        </button>
      </div>
      {deletionFailures.map(({ reason }) => (
        <Failure key={reason} title="The video could not be deleted" message={reason} />
      ))}
      {isReady && <ShortcutHelp />}
      <div class="watch-panels">
        {isReady && (
          <Comparison
            job={job}
            load={load}
            pause={() => {
              element.current?.pause();
              return element.current?.currentTime ?? 0;
            }}
          />
        )}
        {isReady && <Outputs id={video.id} />}
        <div class="watch-column">
          <Warnings job={job} />
          <Timeline job={job} />
          <Cost job={job} />
        </div>
      </div>
      {dialog === "share" && <ShareDialog id={video.id} onClose={closeDialog} />}
      {dialog === "delete" && (
        <DeleteDialog
          videos={videosToDelete}
          onDeleted={(ids) => {
            removeFromLists(ids);
            if (ids.includes(video.id)) route("/");
          }}
          onClose={(report) => {
            setDialog(undefined);
            setDeletionFailures(report?.failures ?? []);
          }}
        />
      )}
    </article>
  );
};
