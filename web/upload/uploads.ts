import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { loadSession, session } from "../api/session.ts";
import { guardSession, sessionState } from "../api/session-guard.ts";
import { type CompletedUploads, openCompletedUploads } from "./completed-uploads.ts";
import type { RouteList } from "./destinations.ts";
import {
  type CheckedFiles,
  type ChosenFile,
  checkFiles,
  describeMismatch,
  type FileIdentity,
} from "./file-checks.ts";
import { listJobs } from "./jobs.ts";
import { matchUnfinished } from "./match-unfinished.ts";
import { pickJob } from "./pick-job.ts";
import { getServerTime } from "./server-time.ts";
import { createTransferQueue } from "./transfer-queue.ts";
import { type TransferRate, updateRate } from "./transfer-rate.ts";
import { createRowIds, reuseRow, type SentFiles, sortRows, type TransferRow } from "./upload-rows.ts";
import { createUppy, type UploadFile } from "./uppy.ts";

const refreshIntervalMs = 200;
const nothingSent: SentFiles = { files: 0, bytes: 0 };

/** A file to upload, with its folders below the destination; empty, or ending in `/`. */
export interface SelectedFile {
  readonly file: File;
  readonly folder: string;
}

type CheckableFile = SelectedFile & ChosenFile & FileIdentity & { readonly key: string };

/** What became of the files that were added. */
export interface AddResult extends Pick<CheckedFiles<ChosenFile>, "refusedFiles" | "skippedNames"> {
  readonly addedFiles: number;
  /** Files that an unfinished upload was waiting for. */
  readonly resumedFiles: number;
}

/** The uploads of this tab. */
export interface Uploads {
  readonly transfers: ReadonlySignal<readonly TransferRow[]>;
  readonly sentFiles: ReadonlySignal<SentFiles>;
  readonly completed: CompletedUploads;
  add(files: readonly SelectedFile[], prefix: string, routes: RouteList): AddResult;
  pause(ids: readonly string[]): void;
  resume(ids: readonly string[]): void;
  retry(id: string): void;
  /** Uploads new versions of files that exist. */
  replace(ids: readonly string[]): void;
  cancel(id: string): void;
  /** Goes on with a file that the user has chosen again; if it is another one, the row says so. */
  provide(id: string, file: File): void;
  /** Retries whatever waits for the connection. */
  retryNow(): void;
}

const openUploads = async (userName: string, isOperator: boolean): Promise<Uploads> => {
  const storeName = `reelway-uploads-${userName}`;
  const completed = openCompletedUploads(storeName);
  const { uppy, losesFiles } = await createUppy(storeName);
  const transfers = signal<readonly TransferRow[]>([]);
  const sentFiles = signal(nothingSent);
  const rates = new Map<string, TransferRate>();
  let rows: ReadonlyMap<string, TransferRow> = new Map();
  let refreshTimer: number | undefined;

  const toRow = (file: UploadFile): TransferRow => {
    const state = queue.getState(file);
    const sentBytes = file.progress.bytesUploaded || 0;
    const rate =
      state.kind === "sending" ? updateRate(rates.get(file.id), performance.now(), sentBytes) : undefined;
    if (rate === undefined) rates.delete(file.id);
    else rates.set(file.id, rate);
    const row: TransferRow = {
      kind: "transfer",
      id: file.meta.rowId,
      name: file.name,
      folder: file.meta.prefix,
      bytes: file.size ?? 0,
      sentBytes,
      state,
      bytesPerSecond: rate?.bytesPerSecond,
      note: queue.getNote(file.id),
    };
    return reuseRow(rows.get(row.id), row);
  };
  const refreshNow = (): void => {
    window.clearTimeout(refreshTimer);
    refreshTimer = undefined;
    transfers.value = sortRows(uppy.getFiles().map(toRow));
    rows = new Map(transfers.value.map((row) => [row.id, row]));
    if (transfers.value.length === 0) sentFiles.value = nothingSent;
  };
  const refresh = (): void => {
    if (refreshTimer === undefined) refreshTimer = window.setTimeout(refreshNow, refreshIntervalMs);
  };
  const complete = (file: UploadFile, key: string, jobId?: string): void => {
    completed.add({
      kind: "completed",
      id: file.meta.rowId,
      name: file.name,
      folder: file.meta.prefix,
      bytes: file.size ?? 0,
      key,
      hasJob: file.meta.hasJob,
      startedAtMs: file.meta.startedAtMs ?? getServerTime(),
      jobId,
    });
    sentFiles.value = { files: sentFiles.value.files + 1, bytes: sentFiles.value.bytes + (file.size ?? 0) };
    queue.complete(file.id);
    // Both lists change at once: the row is never missing.
    refreshNow();
  };
  const queue = createTransferQueue(uppy, {
    getServerTime,
    onChange: refresh,
    async findEarlierUpload({ meta }) {
      // The keys of other users' uploads have a folder that only the server knows.
      if (!isOperator) return undefined;
      const jobs = await listJobs(meta.relativePath);
      const latest = jobs[0];
      return latest?.status === "Error" || latest?.status === "Canceled" ? undefined : latest;
    },
    async recover(file) {
      const { s3Multipart, meta } = file;
      if (s3Multipart === undefined || meta.startedAtMs === undefined) return false;
      const jobs = await listJobs(s3Multipart.key);
      const claimedIds = completed.rows.value.flatMap(({ jobId }) => jobId ?? []);
      const job = pickJob(jobs, meta.startedAtMs, claimedIds);
      if (job !== undefined) complete(file, s3Multipart.key, job.id);
      return job !== undefined;
    },
  });
  uppy.on("state-update", (previous, next) => {
    if (previous.files !== next.files) refresh();
  });
  uppy.on("upload-success", (file, { body }) => {
    const current = file === undefined ? undefined : uppy.getFile(file.id);
    if (current !== undefined && body !== undefined) complete(current, body.key);
  });
  // Until the first progress event and between slow ones, the rate still changes.
  window.setInterval(() => {
    if (transfers.value.some(({ state }) => state.kind === "sending")) refresh();
  }, 1000);
  const unsentFiles = (): readonly UploadFile[] => uppy.getFiles();
  window.addEventListener("beforeunload", (event) => {
    if (losesFiles(unsentFiles())) event.preventDefault();
  });
  guardSession(() => uppy.getFiles().length > 0);
  effect(() => {
    if (sessionState.value === "valid") queue.release("session");
  });
  queue.schedule();

  const findByRow = (rowId: string): UploadFile | undefined =>
    uppy.getFiles().find(({ meta }) => meta.rowId === rowId);
  const forEachRow =
    (action: (fileId: string) => void) =>
    (ids: readonly string[]): void => {
      const rowIds = new Set(ids);
      for (const { id, meta } of uppy.getFiles()) if (rowIds.has(meta.rowId)) action(id);
      refreshNow();
    };
  const identify = ({ name, size, lastModified }: File) => ({ name, bytes: size, lastModified });
  const identifyUpload = ({ id, name, size, meta }: UploadFile) => ({
    id,
    key: meta.relativePath,
    name,
    bytes: size ?? 0,
    lastModified: meta.lastModified,
  });

  return {
    transfers,
    sentFiles,
    completed,
    add(selectedFiles, prefix, routes) {
      const files: readonly CheckableFile[] = selectedFiles.map(({ file, folder }) => ({
        file,
        folder,
        key: `${prefix}${folder}${file.name}`,
        ...identify(file),
      }));
      const unfinished = uppy.getFiles().filter(({ isGhost }) => isGhost);
      const matches = matchUnfinished(files, unfinished.map(identifyUpload));
      for (const [{ file }, id] of matches) queue.provide(id, file);
      const { acceptedFiles, refusedFiles, skippedNames } = checkFiles(
        routes,
        prefix,
        files.filter((file) => !matches.has(file)),
        uppy.getFiles().map(({ meta }) => meta.relativePath),
      );
      const rowIds = createRowIds(Date.now(), acceptedFiles.length);
      uppy.addFiles(
        acceptedFiles.map(({ file, prefix: keyPrefix, key, hasJob }, index) => ({
          name: file.name,
          type: file.file.type,
          data: file.file,
          meta: {
            prefix: keyPrefix,
            relativePath: key,
            hasJob,
            lastModified: file.lastModified,
            rowId: rowIds[index] ?? "",
          },
        })),
      );
      queue.schedule();
      refreshNow();
      return { addedFiles: acceptedFiles.length, resumedFiles: matches.size, refusedFiles, skippedNames };
    },
    pause: forEachRow(queue.pause),
    resume: forEachRow(queue.resume),
    retry: (id) => forEachRow(queue.retry)([id]),
    replace: forEachRow(queue.replace),
    cancel: (id) => forEachRow(queue.cancel)([id]),
    provide(rowId, file) {
      const upload = findByRow(rowId);
      if (upload === undefined) return;
      const mismatch = describeMismatch(identifyUpload(upload), identify(file));
      if (mismatch === undefined) queue.provide(upload.id, file);
      else queue.refuse(upload.id, mismatch);
      refreshNow();
    },
    retryNow: () => queue.release("connection"),
  };
};

let opening: Promise<Uploads> | undefined;

const openForSession = async (): Promise<Uploads> => {
  // The start could not read it, e.g. without a connection. Each user has uploads of their own.
  if (session.value.kind === "unknown") await loadSession();
  const user = session.value;
  return openUploads(user.kind === "user" ? user.name : "", user.kind !== "user" || user.isOperator);
};

/** Opens the uploads of this tab: they go on while the user opens other views. @throws RequestError */
export const getUploads = (): Promise<Uploads> => {
  opening ??= openForSession().catch((cause: unknown) => {
    opening = undefined;
    throw cause;
  });
  return opening;
};
