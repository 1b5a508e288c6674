import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import { describeFailure } from "../components/action-report.ts";
import { formatBytes, formatTime } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { NoJobs, NoMatch, Skeleton } from "./empty-states.tsx";
import { engineLabels, type Filters, hasFilters, makesVideo } from "./filters.ts";
import { findJobList, isRetryable, isRunning, type Job, updateLists } from "./library-data.ts";
import { ListEnd } from "./list-end.tsx";
import { PollingNotice } from "./polling-notice.tsx";
import { formatRelativeTime } from "./relative-time.ts";
import { choosePollDelay, usePolling } from "./use-polling.ts";

/** The name of a job's upload, and where it leads to: its video, or its only output on this machine. */
const JobName = ({ job }: { readonly job: Job }) => {
  const [output] = job.outputs;
  const name = <bdi>{job.source.key}</bdi>;
  if (makesVideo(job.recipe)) return <a href={`/watch/${job.id}`}>{name}</a>;
  return output !== undefined && output.path !== null ? <a href={output.url}>{name}</a> : name;
};

interface JobRowProps {
  readonly job: Job;
  onChange(job: Job): void;
}

const JobRow = ({ job, onChange }: JobRowProps) => {
  const failure = useSignal("");
  const isBusy = useSignal(false);
  const hasPermanentError = job.error !== null && !job.error.retryable;
  const retryLabel = hasPermanentError ? "Retry anyway" : "Retry";
  const act = async (action: "retry" | "cancel"): Promise<void> => {
    isBusy.value = true;
    failure.value = "";
    const params = { path: { id: job.id } };
    try {
      onChange(
        await getBody(
          action === "cancel"
            ? api.POST("/jobs/{id}/cancel", { params })
            : api.POST("/jobs/{id}/retry", { params, body: { force: hasPermanentError } }),
        ),
      );
    } catch (cause) {
      failure.value = describeFailure(cause);
    }
    isBusy.value = false;
  };
  return (
    <tr>
      <th scope="row">
        <JobName job={job} />
        {job.error !== null && <p class="library-job-note">{job.error.message}</p>}
        {job.pendingReason !== null && <p class="library-job-note">{job.pendingReason}</p>}
        {failure.value !== "" && (
          <p class="library-job-note" role="alert">
            {failure.value}
          </p>
        )}
      </th>
      <td>
        <StatusBadge status={job.status} />
        {job.status === "Progressing" && (
          <ProgressBar percent={job.progress.percent} label={`Progress of ${job.source.key}`} />
        )}
      </td>
      <td>{job.route ?? "No route"}</td>
      <td class="library-wide">{job.engine === null ? "" : engineLabels[job.engine]}</td>
      <td class="library-wide library-number">{formatBytes(job.source.bytes)}</td>
      <td>
        <time dateTime={job.createdAt} title={formatTime(job.createdAt)}>
          {formatRelativeTime(job.createdAt, new Date())}
        </time>
      </td>
      <td>
        {isRunning(job) && (
          <button
            type="button"
            class="button library-small"
            aria-label={`Cancel job ${job.source.key}`}
            disabled={isBusy.value}
            onClick={() => void act("cancel")}
          >
            Cancel job
          </button>
        )}
        {/* Without a route, a retry has nothing to do. */}
        {isRetryable(job) && job.route !== null && (
          <button
            type="button"
            class="button library-small"
            aria-label={`${retryLabel} ${job.source.key}`}
            disabled={isBusy.value}
            onClick={() => void act("retry")}
          >
            {retryLabel}
          </button>
        )}
      </td>
    </tr>
  );
};

/** All jobs, also those that make no video: thumbnails, images, and uploads that no route matches. */
export const Jobs = ({ filters: { status, route } }: { readonly filters: Filters }) => {
  const filters: Filters = {
    ...(status === undefined ? {} : { status }),
    ...(route === undefined ? {} : { route }),
  };
  const list = findJobList(filters);
  const jobs = list.items.value;
  useEffect(() => {
    if (list.isReady.value) list.refresh(true).catch(() => undefined);
    else void list.loadMore();
    return () => list.stop();
  }, [list]);
  const pollingFailure = usePolling(() => list.refresh(true), choosePollDelay(jobs));

  if (!list.isReady.value && list.state.value !== "failed") return <Skeleton noun="jobs" />;
  return (
    <>
      <PollingNotice failure={pollingFailure.value} />
      {jobs.length > 0 && (
        <div class="library-table">
          <table aria-label="All jobs">
            <thead>
              <tr>
                <th scope="col">Upload</th>
                <th scope="col">Status</th>
                <th scope="col">Route</th>
                <th scope="col" class="library-wide">
                  Engine
                </th>
                <th scope="col" class="library-wide library-number">
                  Size
                </th>
                <th scope="col">Created</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <JobRow key={job.id} job={job} onChange={updateLists} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.isReady.value &&
        jobs.length === 0 &&
        (hasFilters(filters) ? <NoMatch noun="jobs" clearAddress="/?view=jobs" /> : <NoJobs />)}
      <ListEnd list={list} noun="jobs" />
    </>
  );
};
