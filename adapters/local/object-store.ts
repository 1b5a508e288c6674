import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pLimit from "p-limit";
import type {
  ObjectBody,
  ObjectReference,
  ObjectStore,
  ObjectSummary,
  ReadReference,
  WriteOptions,
} from "../../pipeline/ports/object-store.ts";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";
import { chunkBytes, describeContent, describeLinkedContent, readFileChunks } from "./file-content.ts";
import {
  type BrokenRecordHandler,
  getBytesPath,
  type PruneOptions,
  placeVersion,
  pruneVersions,
  readLatestVersion,
  readVersion,
  removeOrphan,
  removeVersions,
} from "./object-folder.ts";
import { listFoldersByKey, listKeyFolders, readKeyVersions } from "./object-listing.ts";
import {
  type CreatedObject,
  computeModifiedAt,
  generateSequencer,
  toObjectHead,
  toObjectSummary,
  type VersionRecord,
} from "./object-version.ts";
import { getSystemErrorCode, isDiskFullError } from "./system-error.ts";

export type { CreatedObject } from "./object-version.ts";

export interface LocalObjectStore extends ObjectStore {
  /** Path of the content of the current version; undefined if the object does not exist. */
  findFile(bucket: string, key: string): Promise<string | undefined>;
  /** Like `write`, without a copy if the file system supports it. The file must not be changed afterwards. */
  writeByLink(reference: ObjectReference, file: string, options: WriteOptions): Promise<CreatedObject>;
  /** Deletes files of killed writers. Call it only if there is no other writer. */
  clearStaging(): Promise<void>;
  /** Deletes old versions of a bucket's objects. Returns their number. */
  prune(bucket: string, options: PruneOptions): Promise<number>;
}
interface LocalObjectStoreOptions {
  readonly directory: string;
  readonly onCreated?: (object: CreatedObject) => void;
  /** Called once for each invalid record. Its version does not exist for callers. */
  readonly onBrokenRecord?: BrokenRecordHandler;
}

/** As in Amazon S3. The versions of the last key may exceed it. */
const versionsPerPage = 1000;

const kindByErrorCode: Readonly<Record<string, StoreFailureKind>> = {
  ENOENT: "missing",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
};
const classifyError = (cause: unknown): StoreFailureKind =>
  isDiskFullError(cause) ? "no-space" : (kindByErrorCode[getSystemErrorCode(cause) ?? ""] ?? "unknown");
const toStoreFailure = (context: string, cause: unknown): StoreFailure =>
  cause instanceof StoreFailure
    ? cause
    : new StoreFailure(
        classifyError(cause),
        `${context}: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      );

const isConditionMet = (
  condition: WriteOptions["condition"],
  current: VersionRecord | undefined,
): boolean => {
  const existing = current === undefined || current.isDeleteMarker ? undefined : current;
  if (condition === undefined) return true;
  if ("absent" in condition) return existing === undefined;
  const { etag, versionId } = condition;
  return existing?.etag === etag && (versionId === undefined || existing.versionId === versionId);
};

/**
 * Creates an object store on a file system. DIRECTORY/BUCKET/HASH_OF_KEY/ contains `VERSION.bytes` and `VERSION.json`
 * for each version. Versions have consecutive numbers, and a version's record is linked only if its number is unused:
 * this step makes conditional writes atomic between processes. Files are staged in DIRECTORY/.staging/.
 */
export const createLocalObjectStore = (options: LocalObjectStoreOptions): LocalObjectStore => {
  const { directory } = options;
  const staging = join(directory, ".staging");
  const buildStagingPath = () => join(staging, `${randomUUID()}.part`);
  /**
   * One deletion of versions at a time: without any version, the numbers of a key begin again, so that a concurrent
   * deletion could delete a new version with the number of an old one.
   */
  const runExclusively = pLimit(1);
  const reportedPaths = new Set<string>();
  const onBroken: BrokenRecordHandler = (path, reason) => {
    if (reportedPaths.has(path)) return;
    reportedPaths.add(path);
    options.onBrokenRecord?.(path, reason);
  };
  const getKeyFolder = (bucket: string, key: string) =>
    join(directory, bucket, createHash("sha256").update(key).digest("hex"));

  const findVersion = async ({ bucket, key, versionId }: ObjectReference) => {
    const keyFolder = getKeyFolder(bucket, key);
    const requestedNumber = versionId === undefined ? undefined : Number(/^(\d+)-/.exec(versionId)?.[1] ?? 0);
    const { number, record } =
      requestedNumber === undefined
        ? await readLatestVersion(keyFolder, onBroken)
        : { number: requestedNumber, record: await readVersion(keyFolder, requestedNumber, onBroken) };
    if (number === undefined || record === undefined || record.isDeleteMarker) return undefined;
    if (versionId !== undefined && record.versionId !== versionId) return undefined;
    return { path: getBytesPath(keyFolder, number), record };
  };

  const putVersion = async (
    { bucket, key }: ObjectReference,
    content: { readonly path?: string; readonly bytes: number; readonly etag: string },
    writeOptions: WriteOptions & { readonly isDeleteMarker: boolean },
  ): Promise<VersionRecord> => {
    const keyFolder = getKeyFolder(bucket, key);
    for (;;) {
      const { nextNumber, record: current } = await readLatestVersion(keyFolder, onBroken);
      if (!isConditionMet(writeOptions.condition, current))
        throw new StoreFailure(
          "precondition",
          `Object ${key} in ${bucket} does not match the write condition.`,
        );
      const sequencer = generateSequencer(current?.sequencer);
      const record: VersionRecord = {
        key,
        versionId: `${nextNumber}-${sequencer}`,
        sequencer,
        etag: content.etag,
        bytes: content.bytes,
        modifiedAt: computeModifiedAt(current?.modifiedAt),
        contentType: writeOptions.contentType,
        metadata: { ...writeOptions.metadata },
        isDeleteMarker: writeOptions.isDeleteMarker,
      };
      if (await placeVersion(keyFolder, nextNumber, { bytes: content.path, record, staging })) return record;
      await removeOrphan(keyFolder, nextNumber);
      await pause(5);
    }
  };

  const createVersion = async (
    reference: ObjectReference,
    path: string,
    writeOptions: WriteOptions,
    describe = describeContent,
  ) => {
    const record = await putVersion(
      reference,
      { path, ...(await describe(path)) },
      { ...writeOptions, isDeleteMarker: false },
    );
    const object = toObjectHead(reference.bucket, record);
    options.onCreated?.(object);
    return object;
  };

  const writeCopy = async (
    reference: ObjectReference,
    body: ObjectBody,
    writeOptions: WriteOptions,
  ): Promise<CreatedObject> => {
    const path = buildStagingPath();
    try {
      await mkdir(staging, { recursive: true });
      if ("text" in body) await writeFile(path, body.text);
      else await copyFile(body.file, path, constants.COPYFILE_FICLONE);
      return await createVersion(reference, path, writeOptions);
    } catch (cause) {
      throw toStoreFailure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
    } finally {
      await rm(path, { force: true });
    }
  };

  /** Links a file, or copies it if it is on another file system. */
  const writeLink = async (
    reference: ObjectReference,
    file: string,
    writeOptions: WriteOptions,
    describe = describeContent,
  ): Promise<CreatedObject> => {
    try {
      await mkdir(staging, { recursive: true });
      return await createVersion(reference, file, writeOptions, describe);
    } catch (cause) {
      if (getSystemErrorCode(cause) === "EXDEV") return writeCopy(reference, { file }, writeOptions);
      throw toStoreFailure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
    }
  };

  const findReadableVersion = async (reference: ReadReference) => {
    const version = await findVersion(reference).catch((cause: unknown) => {
      throw toStoreFailure(`Reading ${reference.key} in ${reference.bucket} failed`, cause);
    });
    if (version === undefined)
      throw new StoreFailure(
        "missing",
        `Object ${reference.key} does not exist in bucket ${reference.bucket}.`,
      );
    if (reference.etag !== undefined && reference.etag !== version.record.etag)
      throw new StoreFailure(
        "precondition",
        `Object ${reference.key} in ${reference.bucket} was replaced. Its current ETag is ${version.record.etag}.`,
      );
    return version;
  };

  return {
    async head(reference) {
      try {
        const version = await findVersion(reference);
        return version === undefined ? undefined : toObjectHead(reference.bucket, version.record);
      } catch (cause) {
        throw toStoreFailure(`Reading the metadata of ${reference.key} in ${reference.bucket} failed`, cause);
      }
    },
    async read(reference, range, signal) {
      const { path } = await findReadableVersion(reference);
      return createReadStream(path, {
        start: range?.start,
        end: range?.end,
        signal,
        highWaterMark: chunkBytes,
      });
    },
    async readChunks(reference, range, signal) {
      const { path } = await findReadableVersion(reference);
      return readFileChunks(path, range, signal);
    },
    write: (reference, body, writeOptions) =>
      "file" in body && body.canLink === true
        ? writeLink(reference, body.file, writeOptions, describeLinkedContent)
        : writeCopy(reference, body, writeOptions),
    writeByLink: (reference, file, writeOptions) => writeLink(reference, file, writeOptions),
    async remove({ bucket, key }, condition) {
      try {
        const { record: current } = await readLatestVersion(getKeyFolder(bucket, key), onBroken);
        if (current === undefined || current.isDeleteMarker) return;
        await mkdir(staging, { recursive: true });
        const deleteMarker = {
          contentType: "",
          isDeleteMarker: true,
          ...(condition === undefined ? {} : { condition }),
        };
        await putVersion({ bucket, key }, { bytes: 0, etag: '""' }, deleteMarker);
      } catch (cause) {
        throw toStoreFailure(`Deleting ${key} in ${bucket} failed`, cause);
      }
    },
    removeVersions: (bucket, versions) =>
      runExclusively(async () => {
        try {
          const idsByKey = new Map<string, Set<string | undefined>>();
          for (const { key, versionId } of versions)
            idsByKey.set(key, (idsByKey.get(key) ?? new Set()).add(versionId));
          for (const [key, versionIds] of idsByKey)
            await removeVersions(getKeyFolder(bucket, key), versionIds, onBroken);
        } catch (cause) {
          throw toStoreFailure(`Deleting versions in ${bucket} failed`, cause);
        }
      }),
    async *list(bucket, prefix) {
      for (const { path } of await listFoldersByKey(join(directory, bucket), prefix, onBroken)) {
        const { record } = await readLatestVersion(path, onBroken);
        if (record !== undefined && !record.isDeleteMarker) yield toObjectSummary(record, true);
      }
    },
    async *listVersions(bucket, prefix) {
      for (const { path } of await listFoldersByKey(join(directory, bucket), prefix, onBroken))
        yield* readKeyVersions(path, onBroken);
    },
    async *listVersionPages(bucket, prefix, after) {
      const folders = await listFoldersByKey(join(directory, bucket), prefix, onBroken);
      const remaining = folders.filter(({ key }) => after === undefined || key > after.key);
      let versions: ObjectSummary[] = [];
      // A page ends after all versions of a key.
      for (const [index, { key, path }] of remaining.entries()) {
        for await (const version of readKeyVersions(path, onBroken)) versions.push(version);
        if (versions.length < versionsPerPage || index === remaining.length - 1) continue;
        yield { versions, next: { key } };
        versions = [];
      }
      yield { versions };
    },
    async findFile(bucket, key) {
      return (await findVersion({ bucket, key }))?.path;
    },
    clearStaging: () => rm(staging, { recursive: true, force: true }),
    async prune(bucket, pruneOptions) {
      let prunedCount = 0;
      for await (const path of listKeyFolders(join(directory, bucket)))
        prunedCount += await runExclusively(() => pruneVersions(path, pruneOptions, onBroken));
      return prunedCount;
    },
  };
};
