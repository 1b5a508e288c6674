import AwsS3, { type AwsBody } from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import type { UppyFile } from "@uppy/core/utils";
import GoldenRetriever from "@uppy/golden-retriever";

const MiB = 2 ** 20;

/** Size of a part, and of the largest file that is sent in one request, bytes. */
const partBytes = 16 * MiB;

/** Largest file that the browser keeps over a reload, bytes. */
const maxKeptFileBytes = 64 * MiB;

/** Size of all kept files together, bytes. */
const maxKeptBytes = 512 * MiB;

/** The server removes an unfinished upload after two days. */
const keptMs = 48 * 60 * 60 * 1000;

/** What the page knows of a file besides Uppy. A type, not an interface: Uppy's metadata has an index signature. */
export type UploadMeta = {
  /** Beginning of the key, sent to the server. */
  prefix: string;
  /** Key without the user's folder; with it, the same file can have several destinations. */
  relativePath: string;
  rowId: string;
  hasJob: boolean;
  /** Milliseconds since 1970. */
  lastModified: number;
  /** By the server's clock, milliseconds since 1970. */
  startedAtMs?: number;
};
/** A file of Uppy. */
export type UploadFile = UppyFile<UploadMeta, AwsBody>;
/** Uppy, with the plug-ins of the page. */
export type UploadClient = Uppy<UploadMeta, AwsBody>;

/** Reserves the stored uploads for this tab, so that a second tab does not send the same files. @returns whether it is the first tab */
const acquireStorage = (id: string): Promise<boolean> =>
  navigator.locks === undefined
    ? Promise.resolve(true)
    : new Promise((resolve) => {
        navigator.locks
          .request(id, { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            // Held until the page is left.
            return lock === null ? undefined : new Promise(() => {});
          })
          .catch(() => resolve(true));
      });

/**
 * Whether the golden retriever has uploads to restore. It tells only when it has restored some, and replaces all files
 * then, so no file may be added before. This request is queued behind its own, which creates the database.
 *
 * @throws DOMException the browser blocks storage
 */
const hasStoredUploads = (id: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("uppy-blobs");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const close = (isStored: boolean): void => {
        database.close();
        resolve(isStored);
      };
      try {
        const reading = database.transaction(["metadata"]).objectStore("metadata").get(id);
        reading.onerror = () => close(false);
        reading.onsuccess = () => {
          const record: { readonly expires: number } | undefined = reading.result;
          close(record !== undefined && record.expires >= Date.now());
        };
      } catch {
        close(false);
      }
    };
  });

/** Whether the browser keeps a file over a reload. @param keptBytes size of the files kept already */
const fitsStorage = (bytes: number, keptBytes: number): boolean =>
  bytes <= maxKeptFileBytes && keptBytes + bytes <= maxKeptBytes;

/** Uppy without an interface of its own, with the uploads that an earlier page has not finished. */
export interface RestoredClient {
  readonly uppy: UploadClient;
  /** Whether unfinished files would have to be chosen again after a reload. */
  losesFiles(files: readonly UploadFile[]): boolean;
}

/** Restores the unfinished uploads, and keeps them from now on. @returns whether the browser can */
const keepUploads = async (uppy: UploadClient, id: string): Promise<boolean> => {
  if (!(await acquireStorage(id)) || typeof indexedDB === "undefined") return false;
  const restoration = new Promise<void>((resolve) => uppy.once("restored", () => resolve()));
  // The plug-in's type does not have the limits.
  const limits = { name: id, maxFileSize: maxKeptFileBytes, maxTotalSize: maxKeptBytes };
  try {
    // Where storage is blocked, this throws, or opening the database does.
    uppy.use(GoldenRetriever<UploadMeta, AwsBody>, { expires: keptMs, indexedDB: limits });
    if (await hasStoredUploads(id)) await restoration;
  } catch {
    return false;
  }
  // The page starts each file itself.
  uppy.setState({ currentUploads: {}, recoveredState: null });
  return true;
};

/** Creates Uppy, and restores the unfinished uploads. @param id of the stored uploads: one per user */
export const createUppy = async (id: string): Promise<RestoredClient> => {
  const uppy: UploadClient = new Uppy<UploadMeta, AwsBody>({ id });
  uppy.use(AwsS3<UploadMeta, AwsBody>, {
    companionEndpoint: window.location.origin,
    allowedMetaFields: ["prefix"],
    shouldUseMultipart: ({ size }) => (size ?? 0) > partBytes,
    getChunkSize: ({ size }) => Math.max(partBytes, Math.ceil(size / 10_000)),
    // The page decides which files are sent at the same time: a paused file must not keep others waiting.
    limit: Number.MAX_SAFE_INTEGER,
  });
  const isPersistent = await keepUploads(uppy, id);
  return {
    uppy,
    losesFiles(files) {
      let keptBytes = 0;
      return files.some(({ size, isGhost }) => {
        const bytes = size ?? 0;
        if (isGhost) return false;
        if (!isPersistent || !fitsStorage(bytes, keptBytes)) return true;
        keptBytes += bytes;
        return false;
      });
    },
  };
};
