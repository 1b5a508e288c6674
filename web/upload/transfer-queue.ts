import { api } from "../api/client.ts";
import { sessionState } from "../api/session-guard.ts";
import { type Diagnosis, diagnose, toDiagnosis } from "./diagnosis.ts";
import { isPausable, type TransferState } from "./upload-rows.ts";
import type { UploadClient, UploadFile } from "./uppy.ts";

/** Files that are sent at the same time. A browser opens six connections per server; the others are for the page. */
const maxSending = 3;
/** Transfers of data that fail in a row, after which the user has to decide. Lost connections do not count. */
const maxTransferFailures = 5;
const maxBackoffMs = 30_000;

interface QueueOptions {
  /** Finds the latest earlier upload with the key of a file, if the user should decide whether to replace it. */
  findEarlierUpload(file: UploadFile): Promise<{ readonly createdAt: string } | undefined>;
  /** Returns the server's time, milliseconds since 1970. */
  getServerTime(): number;
  /** Called when the server has no such unfinished upload. @returns whether the object exists already */
  recover(file: UploadFile): Promise<boolean>;
  onChange(): void;
}

/** Decides which files Uppy sends, and when it tries again. */
export const createTransferQueue = (uppy: UploadClient, options: QueueOptions) => {
  /** Files that are sent now. */
  const active = new Set<string>();
  /** Files with an uploader of Uppy, which may be paused. */
  const live = new Set<string>();
  /** Why files are not sent. */
  const holds = new Map<string, TransferState>();
  const notes = new Map<string, string>();
  /** Files that are sent although an earlier upload may have the same key. */
  const replacements = new Set<string>();
  /** Attempts that failed in a row, for the backoff. */
  const failures = new Map<string, number>();
  const transferFailures = new Map<string, number>();
  /** Files without progress since the connection was lost. */
  const unreachable = new Set<string>();
  let retryTimer: number | undefined;

  const getState = (file: UploadFile): TransferState => {
    const hold = holds.get(file.id);
    if (file.isGhost) return hold?.kind === "file-needed" ? hold : { kind: "file-needed" };
    if (file.isPaused) return { kind: "paused" };
    if (hold !== undefined) return hold;
    if (!active.has(file.id)) return { kind: "waiting" };
    // A new attempt without success does not change what the user sees.
    return { kind: unreachable.has(file.id) ? "connection" : "sending" };
  };
  const resetFailures = (id: string): void => {
    failures.delete(id);
    transferFailures.delete(id);
  };
  const forget = (id: string): void => {
    for (const set of [active, live, holds, notes, replacements, unreachable]) set.delete(id);
    resetFailures(id);
  };
  const schedule = (): void => {
    for (const file of uppy.getFiles()) {
      if (active.size >= maxSending || sessionState.value !== "valid") break;
      if (getState(file).kind === "waiting") void start(file.id);
    }
    options.onChange();
  };
  const hold = (id: string, state: TransferState): void => {
    active.delete(id);
    if (uppy.getFile(id) !== undefined) holds.set(id, state);
    schedule();
  };
  /** Tries the files again that wait for the connection or the session. */
  const release = (kind: "connection" | "session"): void => {
    if (kind === "connection") {
      window.clearTimeout(retryTimer);
      retryTimer = undefined;
    }
    for (const [id, state] of holds) if (state.kind === kind) holds.delete(id);
    schedule();
  };
  const waitForConnection = (id: string): void => {
    const count = (failures.get(id) ?? 0) + 1;
    failures.set(id, count);
    unreachable.add(id);
    if (navigator.onLine)
      retryTimer ??= window.setTimeout(
        () => release("connection"),
        Math.min(maxBackoffMs, 1000 * 2 ** (count - 1)),
      );
    hold(id, { kind: "connection" });
  };
  const handleFailure = async (id: string, diagnosis: Diagnosis): Promise<void> => {
    const file = uppy.getFile(id);
    if (file === undefined) return forget(id);
    switch (diagnosis.kind) {
      case "connection":
        return waitForConnection(id);
      case "session":
        return hold(id, { kind: "session" });
      case "failed":
        return hold(id, diagnosis);
      case "transfer": {
        const count = (transferFailures.get(id) ?? 0) + 1;
        transferFailures.set(id, count);
        if (count < maxTransferFailures) return waitForConnection(id);
        return hold(id, {
          kind: "failed",
          reason: `The data did not arrive, ${maxTransferFailures} times in a row. Retry. If it fails again, look for a proxy, firewall or browser extension that blocks uploads.`,
        });
      }
      case "upload-missing":
        try {
          if (await options.recover(file)) return forget(id);
        } catch (cause) {
          return handleFailure(id, toDiagnosis(cause));
        }
        if (uppy.getFile(id) === undefined) return forget(id);
        uppy.setFileState(id, { s3Multipart: undefined });
        notes.set(id, "The server has removed the unfinished upload. It starts from the beginning.");
        active.delete(id);
        return schedule();
    }
  };
  const send = (file: UploadFile): void => {
    if (live.has(file.id)) {
      uppy.emit("upload-pause", file, false);
      return;
    }
    live.add(file.id);
    if (file.meta.startedAtMs === undefined)
      uppy.setFileState(file.id, { meta: { ...file.meta, startedAtMs: options.getServerTime() } });
    void uppy.retryUpload(file.id);
  };
  const start = async (id: string): Promise<void> => {
    active.add(id);
    const file = uppy.getFile(id);
    try {
      if (file.s3Multipart === undefined && !replacements.has(id)) {
        const earlier = await options.findEarlierUpload(file);
        if (earlier !== undefined) return hold(id, { kind: "exists", createdAt: earlier.createdAt });
        replacements.add(id);
      }
    } catch (cause) {
      return handleFailure(id, toDiagnosis(cause));
    }
    const current = uppy.getFile(id);
    if (current === undefined) return forget(id);
    if (active.has(id) && !current.isPaused) return send(current);
    active.delete(id);
    schedule();
  };

  uppy.on("upload-error", (file) => {
    if (file === undefined) return;
    live.delete(file.id);
    const current = uppy.getFile(file.id);
    if (current === undefined) forget(file.id);
    else void diagnose(current).then((diagnosis) => handleFailure(file.id, diagnosis));
  });
  uppy.on("upload-progress", (file) => {
    if (file !== undefined) unreachable.delete(file.id);
  });
  uppy.on("s3-multipart:part-uploaded", ({ id }) => resetFailures(id));
  window.addEventListener("online", () => release("connection"));

  return {
    schedule,
    getState,
    getNote: (id: string): string | undefined => notes.get(id),
    release,
    pause(id: string): void {
      const file = uppy.getFile(id);
      if (file === undefined || !isPausable(getState(file))) return;
      active.delete(id);
      holds.delete(id);
      uppy.pauseResume(id);
      schedule();
    },
    resume(id: string): void {
      if (uppy.getFile(id) === undefined) return;
      holds.delete(id);
      uppy.setFileState(id, { isPaused: false });
      schedule();
    },
    /** Sends a file although an earlier upload has the same key. */
    replace(id: string): void {
      replacements.add(id);
      holds.delete(id);
      schedule();
    },
    retry(id: string): void {
      resetFailures(id);
      holds.delete(id);
      schedule();
    },
    /** Says why a chosen file is not the one that is needed. */
    refuse(id: string, mismatch: string): void {
      holds.set(id, { kind: "file-needed", mismatch });
      options.onChange();
    },
    /** Goes on with the file that the user has chosen again. */
    provide(id: string, data: File): void {
      holds.delete(id);
      uppy.setFileState(id, { data, isGhost: false, isPaused: false });
      schedule();
    },
    /** Ends an upload, and removes what the server has of it. */
    cancel(id: string): void {
      const { s3Multipart } = uppy.getFile(id);
      const isAbortedByUppy = live.has(id);
      uppy.removeFile(id);
      forget(id);
      if (s3Multipart !== undefined && !isAbortedByUppy)
        // Without it, the server removes the upload after two days.
        void api
          .DELETE("/s3/multipart/{uploadId}", {
            params: { path: { uploadId: s3Multipart.uploadId }, query: { key: s3Multipart.key } },
          })
          .catch(() => undefined);
      schedule();
    },
    /** Removes a file that is completely sent. */
    complete(id: string): void {
      uppy.removeFile(id);
      forget(id);
      schedule();
    },
  };
};
