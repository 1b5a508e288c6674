import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/failure.ts";
import type { ObjectReference, ObjectStore, WriteOptions } from "../../pipeline/ports/object-store.ts";
import { chunkBytes, describeContent } from "./file-content.ts";
import {
  bytesPath,
  dropOrphan,
  latestVersion,
  type OnBrokenRecord,
  type Pruning,
  placeVersion,
  pruneVersions,
  readVersion,
  versionNumbers,
} from "./object-folder.ts";
import { foldersByKey, keyFolders } from "./object-listing.ts";
import {
  type CreatedObject,
  headOf,
  nextModifiedAt,
  nextSequencer,
  summaryOf,
  type VersionRecord,
} from "./object-version.ts";
import { systemCode } from "./system-code.ts";

export type { CreatedObject } from "./object-version.ts";

export interface LocalObjectStore extends ObjectStore {
  /** Path of the bytes of the current version; undefined where there is no object. */
  file(bucket: string, key: string): Promise<string | undefined>;
  /** Like `write`, without a copy where file system allows: the file must not be changed afterwards. */
  adopt(reference: ObjectReference, file: string, options: WriteOptions): Promise<CreatedObject>;
  /** Removes what writers left that were killed. Only while there is no other writer. */
  clearStaging(): Promise<void>;
  /** Forgets old versions of a bucket's objects; answers how many. */
  prune(bucket: string, pruning: Pruning): Promise<number>;
}
interface LocalObjectStoreOptions {
  readonly directory: string;
  readonly onCreated?: (object: CreatedObject) => void;
  /** Called once for each record that cannot be read: its version does not exist for any caller. */
  readonly onBrokenRecord?: OnBrokenRecord;
}

const kinds: Readonly<Record<string, StoreFailureKind>> = {
  ENOENT: "missing",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOSPC: "full",
  EDQUOT: "full",
};
const failure = (what: string, cause: unknown): StoreFailure =>
  cause instanceof StoreFailure
    ? cause
    : new StoreFailure(
        kinds[systemCode(cause) ?? ""] ?? "unknown",
        `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      );

const allows = (condition: WriteOptions["condition"], current: VersionRecord | undefined): boolean => {
  const present = current === undefined || current.removed ? undefined : current;
  if (condition === undefined) return true;
  if ("absent" in condition) return present === undefined;
  const { etag, versionId } = condition;
  return present?.etag === etag && (versionId === undefined || present.versionId === versionId);
};

/**
 * Objects as files: DIRECTORY/BUCKET/HASH OF KEY/ holds, for each version, `VERSION.bytes` and `VERSION.json`.
 * Versions are named by a number that rises by one, and a version's record is linked into place only if no
 * other has its number: that one step makes conditional writes atomic between processes. What is being written
 * lies in DIRECTORY/.staging/.
 */
export const createLocalObjectStore = (options: LocalObjectStoreOptions): LocalObjectStore => {
  const { directory } = options;
  const staging = join(directory, ".staging");
  const staged = () => join(staging, `${randomUUID()}.part`);
  const reported = new Set<string>();
  const onBroken: OnBrokenRecord = (path, reason) => {
    if (reported.has(path)) return;
    reported.add(path);
    options.onBrokenRecord?.(path, reason);
  };
  const folder = (bucket: string, key: string) =>
    join(directory, bucket, createHash("sha256").update(key).digest("hex"));

  const find = async ({ bucket, key, versionId }: ObjectReference) => {
    const where = folder(bucket, key);
    const named = versionId === undefined ? undefined : Number(/^(\d+)-/.exec(versionId)?.[1] ?? 0);
    const { number, record } =
      named === undefined
        ? await latestVersion(where, onBroken)
        : { number: named, record: await readVersion(where, named, onBroken) };
    if (number === undefined || record === undefined || record.removed) return undefined;
    if (versionId !== undefined && record.versionId !== versionId) return undefined;
    return { path: bytesPath(where, number), record };
  };

  const put = async (
    { bucket, key }: ObjectReference,
    content: { readonly path?: string; readonly bytes: number; readonly etag: string },
    write: WriteOptions & { readonly removed: boolean },
  ): Promise<VersionRecord> => {
    const where = folder(bucket, key);
    for (;;) {
      const { next, record: current } = await latestVersion(where, onBroken);
      if (!allows(write.condition, current))
        throw new StoreFailure("precondition", `Object ${key} of ${bucket} is not as expected.`);
      const sequencer = nextSequencer(current?.sequencer);
      const record: VersionRecord = {
        key,
        versionId: `${next}-${sequencer}`,
        sequencer,
        etag: content.etag,
        bytes: content.bytes,
        modifiedAt: nextModifiedAt(current?.modifiedAt),
        contentType: write.contentType,
        metadata: { ...write.metadata },
        removed: write.removed,
      };
      if (await placeVersion(where, next, { bytes: content.path, record, staging })) return record;
      await dropOrphan(where, next);
      await pause(5);
    }
  };

  const create = async (reference: ObjectReference, path: string, write: WriteOptions) => {
    const record = await put(
      reference,
      { path, ...(await describeContent(path)) },
      { ...write, removed: false },
    );
    const created = headOf(reference.bucket, record);
    options.onCreated?.(created);
    return created;
  };

  const writeBody = async (
    reference: ObjectReference,
    body: { readonly file: string } | { readonly text: string },
    given: WriteOptions,
  ): Promise<CreatedObject> => {
    const path = staged();
    try {
      await mkdir(staging, { recursive: true });
      if ("text" in body) await writeFile(path, body.text);
      else await copyFile(body.file, path, constants.COPYFILE_FICLONE);
      return await create(reference, path, given);
    } catch (cause) {
      throw failure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
    } finally {
      await rm(path, { force: true });
    }
  };

  return {
    async head(reference) {
      try {
        const found = await find(reference);
        return found === undefined ? undefined : headOf(reference.bucket, found.record);
      } catch (cause) {
        throw failure(`Looking at ${reference.key} of ${reference.bucket} failed`, cause);
      }
    },
    async read(reference, range, signal) {
      const found = await find(reference).catch((cause: unknown) => {
        throw failure(`Reading ${reference.key} of ${reference.bucket} failed`, cause);
      });
      if (found === undefined)
        throw new StoreFailure("missing", `There is no object ${reference.key} in ${reference.bucket}.`);
      if (reference.etag !== undefined && reference.etag !== found.record.etag)
        throw new StoreFailure(
          "precondition",
          `Object ${reference.key} of ${reference.bucket} was replaced: it has ETag ${found.record.etag}.`,
        );
      return createReadStream(found.path, {
        start: range?.start,
        end: range?.end,
        signal,
        highWaterMark: chunkBytes,
      });
    },
    write: writeBody,
    async adopt(reference, file, given) {
      try {
        await mkdir(staging, { recursive: true });
        return await create(reference, file, given);
      } catch (cause) {
        if (systemCode(cause) === "EXDEV") return writeBody(reference, { file }, given);
        throw failure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
      }
    },
    async remove({ bucket, key }, condition) {
      try {
        const { record: current } = await latestVersion(folder(bucket, key), onBroken);
        if (current === undefined || current.removed) return;
        await mkdir(staging, { recursive: true });
        const mark = { contentType: "", removed: true, ...(condition === undefined ? {} : { condition }) };
        await put({ bucket, key }, { bytes: 0, etag: '""' }, mark);
      } catch (cause) {
        throw failure(`Removing ${key} of ${bucket} failed`, cause);
      }
    },
    async *list(bucket, prefix) {
      for (const path of await foldersByKey(join(directory, bucket), prefix, onBroken)) {
        const { record } = await latestVersion(path, onBroken);
        if (record !== undefined && !record.removed) yield summaryOf(record, true);
      }
    },
    async *listVersions(bucket, prefix) {
      for (const path of await foldersByKey(join(directory, bucket), prefix, onBroken))
        for (const [index, number] of (await versionNumbers(path)).entries()) {
          const version = await readVersion(path, number, onBroken);
          if (version !== undefined && !version.removed) yield summaryOf(version, index === 0);
        }
    },
    async file(bucket, key) {
      return (await find({ bucket, key }))?.path;
    },
    clearStaging: () => rm(staging, { recursive: true, force: true }),
    async prune(bucket, pruning) {
      let pruned = 0;
      for await (const path of keyFolders(join(directory, bucket)))
        pruned += await pruneVersions(path, pruning, onBroken);
      return pruned;
    },
  };
};
