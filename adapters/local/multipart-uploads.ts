import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { unquoteEtag } from "../../pipeline/ports/etag.ts";
import {
  type CompletedPart,
  type CompletedUpload,
  type MultipartReference,
  multipartLimits,
  type UploadedPart,
  UploadFailure,
  type UploadTarget,
} from "../../pipeline/ports/upload-signer.ts";
import * as z from "../../pipeline/schema/z.ts";
import { writeAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";
import { checkParts, copyInto, listNames, readParts } from "./multipart-parts.ts";
import { writeStream } from "./stream-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

const targetSchema = z.object({
  key: z.string(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
});
const partsSchema = z.array(z.object({ partNumber: z.number(), etag: z.string(), bytes: z.number() }));
const resultSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  location: z.string(),
  jobId: z.nullable(z.string()),
});

/** Bytes that are joined before they are written to the disk and their parts are removed. */
const flushBytes = 256 * 2 ** 20;

const uploadIdPattern = /^[0-9a-f]{32}$/;

/** Multipart uploads in a folder. */
export interface MultipartUploads {
  create(target: UploadTarget): Promise<{ readonly uploadId: string }>;
  /**
   * Streams a part to the disk. A part that is sent again replaces the first once it is complete.
   *
   * @param openBody opens the stream after the upload is found, because an unread stream that fails ends the process
   * @param expectedBytes the request's Content-Length
   * @returns the part's ETag
   * @throws UploadFailure `missing`; `invalid-parts` if the body is not as long as expected, or too long
   */
  storePart(
    uploadId: string,
    partNumber: number,
    openBody: () => Readable,
    expectedBytes: number | undefined,
  ): Promise<string>;
  listParts(upload: MultipartReference): Promise<readonly UploadedPart[]>;
  complete(upload: MultipartReference, parts: readonly CompletedPart[]): Promise<CompletedUpload>;
  abort(upload: MultipartReference): Promise<void>;
  /** Checks that the upload exists and has the key. */
  assertExists(upload: MultipartReference): Promise<void>;
  /** Removes uploads without any change for `maxAgeMs`. Returns their number. */
  removeAbandoned(maxAgeMs: number): Promise<number>;
  /** Removes the incomplete parts of a killed process. Call it before any other method. */
  removeIncompleteParts(): Promise<void>;
}

interface MultipartUploadsOptions {
  readonly directory: string;
  /**
   * Stores a file as an object. The store links the file; it does not change afterwards. A second call for the same
   * file must return the first object.
   */
  readonly store: (file: string, target: UploadTarget) => Promise<CompletedUpload>;
}

const createMissingError = (uploadId: string): UploadFailure =>
  new UploadFailure(
    "missing",
    `Upload ${uploadId.slice(0, 40)} does not exist for this key. It was completed, aborted or abandoned; start a new one.`,
  );

/**
 * Creates the store of multipart uploads. DIRECTORY/UPLOAD_ID/ has `upload.json`, one `NUMBER-MD5.part` for each part,
 * `parts.json` once the upload is being completed, and `result.json` when it is. An upload survives a restart in every
 * state.
 */
export const createMultipartUploads = ({ directory, store }: MultipartUploadsOptions): MultipartUploads => {
  const locks = new Map<string, Promise<unknown>>();
  const getFolder = (uploadId: string): string => {
    if (!uploadIdPattern.test(uploadId)) throw createMissingError(uploadId);
    return join(directory, uploadId);
  };

  /** Runs changes of an upload one after the other. */
  const withLock = <Result>(uploadId: string, change: () => Promise<Result>): Promise<Result> => {
    const previous = locks.get(uploadId) ?? Promise.resolve();
    const current = previous.then(change, change);
    locks.set(uploadId, current);
    const release = (): void => {
      if (locks.get(uploadId) === current) locks.delete(uploadId);
    };
    current.then(release, release);
    return current;
  };

  const readDocument = async <Schema extends z.core.$ZodType>(
    path: string,
    schema: Schema,
  ): Promise<z.core.output<Schema> | undefined> => {
    const file = await readJsonFile(path, schema);
    return file.kind === "valid" ? file.value : undefined;
  };
  const readTarget = async (uploadId: string, key?: string): Promise<UploadTarget> => {
    const target = await readDocument(join(getFolder(uploadId), "upload.json"), targetSchema);
    if (target === undefined || (key !== undefined && target.key !== key)) throw createMissingError(uploadId);
    return target;
  };
  const readJournal = (uploadId: string) =>
    readDocument(join(getFolder(uploadId), "parts.json"), partsSchema);

  /**
   * Joins the parts into the file of the first one, so that the disk holds the bytes once. Continues after a crash: a
   * part's file exists until its bytes are on the disk in the joined file.
   */
  const joinParts = async (folder: string, parts: readonly UploadedPart[]): Promise<string> => {
    const joined = join(folder, "joined");
    const pathOf = ({ partNumber, etag }: UploadedPart) =>
      join(folder, `${partNumber}-${unquoteEtag(etag)}.part`);
    const [first, ...rest] = parts;
    if (first !== undefined)
      await rename(pathOf(first), joined).catch((cause: unknown) => {
        if (getSystemErrorCode(cause) !== "ENOENT") throw cause;
      });
    const target = await open(joined, "r+");
    try {
      let offset = first?.bytes ?? 0;
      const joinedPaths: string[] = [];
      let joinedBytes = 0;
      const flush = async (): Promise<void> => {
        await target.sync();
        for (const path of joinedPaths.splice(0)) await rm(path);
        joinedBytes = 0;
      };
      for (const part of rest) {
        const path = pathOf(part);
        if (await stat(path).catch(() => undefined)) {
          await copyInto(target, path, offset);
          joinedPaths.push(path);
          joinedBytes += part.bytes;
          if (joinedBytes >= flushBytes) await flush();
        }
        offset += part.bytes;
      }
      await flush();
    } finally {
      await target.close();
    }
    return joined;
  };

  return {
    async create(target) {
      const uploadId = randomBytes(16).toString("hex");
      const folder = getFolder(uploadId);
      await mkdir(folder, { recursive: true });
      await writeAtomically(join(folder, "upload.json"), JSON.stringify(target));
      return { uploadId };
    },
    async storePart(uploadId, partNumber, openBody, expectedBytes) {
      await readTarget(uploadId);
      const folder = getFolder(uploadId);
      const temporaryPath = join(folder, `${partNumber}-${randomUUID()}.tmp`);
      const hash = createHash("md5");
      let bytes = 0;
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.byteLength;
          hash.update(chunk);
          done(
            bytes > multipartLimits.maxPartBytes
              ? new UploadFailure(
                  "invalid-parts",
                  `A part has at most ${multipartLimits.maxPartBytes} bytes.`,
                )
              : null,
            chunk,
          );
        },
      });
      try {
        await writeStream([openBody(), measure], temporaryPath, { flush: true });
        if (expectedBytes !== undefined && bytes !== expectedBytes)
          throw new UploadFailure(
            "invalid-parts",
            `Part ${partNumber} ended after ${bytes} of ${expectedBytes} bytes. Send it again.`,
          );
        const name = `${partNumber}-${hash.digest("hex")}.part`;
        await withLock(uploadId, async () => {
          if ((await readJournal(uploadId)) !== undefined) throw createMissingError(uploadId);
          await rename(temporaryPath, join(folder, name));
          for (const other of await listNames(folder))
            if (other !== name && other.startsWith(`${partNumber}-`) && other.endsWith(".part"))
              await rm(join(folder, other), { force: true });
        });
        return `"${name.slice(name.indexOf("-") + 1, -".part".length)}"`;
      } catch (cause) {
        // Aborted while the part was sent.
        if (getSystemErrorCode(cause) === "ENOENT") throw createMissingError(uploadId);
        throw cause;
      } finally {
        await rm(temporaryPath, { force: true });
      }
    },
    async listParts({ uploadId, key }) {
      await readTarget(uploadId, key);
      const parts = (await readJournal(uploadId)) ?? (await readParts(getFolder(uploadId)));
      return parts.map(({ partNumber, etag, bytes }) => ({ partNumber, etag, bytes }));
    },
    async complete({ uploadId, key }, parts) {
      const folder = getFolder(uploadId);
      return withLock(uploadId, async () => {
        const target = await readTarget(uploadId, key);
        const resultPath = join(folder, "result.json");
        const earlierResult = await readDocument(resultPath, resultSchema);
        if (earlierResult !== undefined) return earlierResult;
        let journal = await readJournal(uploadId);
        if (journal === undefined) {
          journal = [...checkParts(parts, await readParts(folder))];
          await writeAtomically(join(folder, "parts.json"), JSON.stringify(journal));
        }
        const joined = await joinParts(folder, journal);
        const result = await store(joined, target);
        await writeAtomically(resultPath, JSON.stringify(result));
        for (const name of await listNames(folder))
          if (!name.endsWith(".json")) await rm(join(folder, name), { force: true });
        return result;
      });
    },
    async abort({ uploadId, key }) {
      const folder = getFolder(uploadId);
      return withLock(uploadId, async () => {
        await readTarget(uploadId, key);
        if ((await readJournal(uploadId)) !== undefined) throw createMissingError(uploadId);
        await rm(folder, { recursive: true, force: true });
      });
    },
    async assertExists({ uploadId, key }) {
      await readTarget(uploadId, key);
      if ((await readJournal(uploadId)) !== undefined) throw createMissingError(uploadId);
    },
    async removeAbandoned(maxAgeMs) {
      let count = 0;
      for (const uploadId of await listNames(directory)) {
        const folder = join(directory, uploadId);
        const stats = await stat(folder).catch(() => undefined);
        if (stats === undefined || Date.now() - stats.mtimeMs < maxAgeMs || locks.has(uploadId)) continue;
        await rm(folder, { recursive: true, force: true });
        count += 1;
      }
      return count;
    },
    async removeIncompleteParts() {
      for (const uploadId of await listNames(directory))
        for (const name of await listNames(join(directory, uploadId)))
          if (name.endsWith(".tmp")) await rm(join(directory, uploadId, name), { force: true });
    },
  };
};
