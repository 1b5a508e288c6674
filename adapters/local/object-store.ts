import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type {
  ObjectHead,
  ObjectReference,
  ObjectStore,
  ObjectSummary,
  WriteOptions,
} from "../../pipeline/ports/object-store.ts";

/** What lies beside the bytes of one version. */
const record = z.object({
  key: z.string(),
  versionId: z.string(),
  sequencer: z.string(),
  etag: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
  removed: z.boolean(),
});
type VersionRecord = z.infer<typeof record>;

/** An object as its creation is told: with the sequencer an S3 event would carry. */
export type CreatedObject = ObjectHead & { readonly sequencer: string };

export interface LocalObjectStore extends ObjectStore {
  /** Path of the bytes of the current version; undefined where there is no object. */
  file(bucket: string, key: string): Promise<string | undefined>;
}
interface LocalObjectStoreOptions {
  readonly directory: string;
  readonly onCreated?: (object: CreatedObject) => void;
  readonly onRemoved?: (reference: ObjectReference) => void;
}

const failure = (what: string, cause: unknown): StoreFailure => {
  if (cause instanceof StoreFailure) return cause;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const kind =
    code === "ENOENT" ? "missing" : code === "EACCES" ? "denied" : code === "ENOSPC" ? "full" : "unknown";
  return new StoreFailure(kind, `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
};
const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && "code" in cause ? cause.code : undefined;

let lastTick = 0n;
/** Hexadecimal, 16 digits, rising within the machine: microseconds, never twice in a process. */
const nextSequencer = (): string => {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  lastTick = now > lastTick ? now : lastTick + 1n;
  return lastTick.toString(16).padStart(16, "0").toUpperCase();
};

/**
 * Objects as files: DIRECTORY/BUCKET/HASH OF KEY/ holds, for each version, `VERSION.bytes` and `VERSION.json`.
 * Versions are named by a number that rises by one, and a version's record is linked into place only if no
 * other has its number: that one step makes conditional writes atomic between processes.
 */
export const createLocalObjectStore = (options: LocalObjectStoreOptions): LocalObjectStore => {
  const folder = (bucket: string, key: string) =>
    join(options.directory, bucket, createHash("sha256").update(key).digest("hex"));

  const readRecord = async (path: string): Promise<VersionRecord> =>
    record.parse(JSON.parse(await readFile(path, "utf8")));
  const numbers = async (directory: string): Promise<readonly number[]> => {
    try {
      return (await readdir(directory))
        .filter((name) => /^\d+\.json$/.test(name))
        .map((name) => Number.parseInt(name, 10))
        .sort((a, b) => b - a);
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return [];
      throw cause;
    }
  };
  const latest = async (directory: string): Promise<{ number: number; record?: VersionRecord }> => {
    const number = (await numbers(directory))[0];
    return number === undefined
      ? { number: 0 }
      : { number, record: await readRecord(join(directory, `${number}.json`)) };
  };
  const head = (bucket: string, found: VersionRecord): CreatedObject => ({
    bucket,
    key: found.key,
    versionId: found.versionId,
    etag: found.etag,
    bytes: found.bytes,
    modifiedAt: found.modifiedAt,
    contentType: found.contentType,
    metadata: found.metadata,
    sequencer: found.sequencer,
  });

  const find = async (
    reference: ObjectReference,
  ): Promise<{ readonly path: string; readonly record: VersionRecord } | undefined> => {
    const directory = folder(reference.bucket, reference.key);
    if (reference.versionId === undefined) {
      const { number, record: current } = await latest(directory);
      return current === undefined || current.removed
        ? undefined
        : { path: join(directory, `${number}.bytes`), record: current };
    }
    const [digits] = reference.versionId.split("-");
    if (digits === undefined || !/^\d+$/.test(digits)) return undefined;
    try {
      const found = await readRecord(join(directory, `${Number(digits)}.json`));
      return found.versionId === reference.versionId && !found.removed
        ? { path: join(directory, `${Number(digits)}.bytes`), record: found }
        : undefined;
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return undefined;
      throw cause;
    }
  };

  const allows = (condition: WriteOptions["condition"], current: VersionRecord | undefined): boolean => {
    const present = current === undefined || current.removed ? undefined : current;
    if (condition === undefined) return true;
    return "absent" in condition ? present === undefined : present?.etag === condition.etag;
  };

  /** Puts a version in place; false where another writer took its number first. */
  const place = async (
    directory: string,
    number: number,
    bytes: string | undefined,
    description: VersionRecord,
  ): Promise<boolean> => {
    const temporary = join(directory, `${description.sequencer}-${randomBytes(4).toString("hex")}.part`);
    await writeFile(temporary, JSON.stringify(description));
    try {
      if (bytes !== undefined) await link(bytes, join(directory, `${number}.bytes`));
      await link(temporary, join(directory, `${number}.json`));
      return true;
    } catch (cause) {
      if (codeOf(cause) === "EEXIST") return false;
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
  };

  /** A crash between the two links of `place` leaves bytes without a record: those are nobody's. */
  const dropOrphan = async (directory: string, number: number): Promise<void> => {
    const orphan = join(directory, `${number}.bytes`);
    if ((await numbers(directory)).includes(number)) return;
    const age = await stat(orphan).then(
      (found) => Date.now() - found.ctimeMs,
      () => 0,
    );
    if (age > 2000) await rm(orphan, { force: true });
  };

  const put = async (
    reference: ObjectReference,
    staged: string | undefined,
    bytes: number,
    etag: string,
    write: WriteOptions & { readonly removed: boolean },
  ): Promise<VersionRecord> => {
    const directory = folder(reference.bucket, reference.key);
    for (;;) {
      const { number, record: current } = await latest(directory);
      if (!allows(write.condition, current))
        throw new StoreFailure(
          "precondition",
          `Object ${reference.key} of ${reference.bucket} is not as expected.`,
        );
      const sequencer = nextSequencer();
      const description: VersionRecord = {
        key: reference.key,
        versionId: `${number + 1}-${sequencer}`,
        sequencer,
        etag,
        bytes,
        modifiedAt: new Date().toISOString(),
        contentType: write.contentType,
        metadata: { ...write.metadata },
        removed: write.removed,
      };
      if (await place(directory, number + 1, staged, description)) return description;
      await dropOrphan(directory, number + 1);
    }
  };

  const stage = async (
    directory: string,
    body: { readonly file: string } | { readonly text: string },
  ): Promise<{ path: string; bytes: number; etag: string }> => {
    const path = join(directory, `${randomBytes(8).toString("hex")}.part`);
    if ("text" in body) await writeFile(path, body.text);
    else await copyFile(body.file, path, constants.COPYFILE_FICLONE);
    const { size } = await stat(path);
    const hash = createHash("md5");
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return { path, bytes: size, etag: `"${hash.digest("hex")}"` };
  };

  const keysOf = async (bucket: string): Promise<readonly string[]> => {
    try {
      return (await readdir(join(options.directory, bucket))).map((name) =>
        join(options.directory, bucket, name),
      );
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return [];
      throw cause;
    }
  };
  const summary = (found: VersionRecord, isLatest: boolean): ObjectSummary => ({
    key: found.key,
    versionId: found.versionId,
    etag: found.etag,
    bytes: found.bytes,
    modifiedAt: found.modifiedAt,
    latest: isLatest,
  });
  const versions = async (bucket: string, prefix: string): Promise<readonly ObjectSummary[]> => {
    const found: ObjectSummary[] = [];
    for (const directory of await keysOf(bucket)) {
      const all = await Promise.all(
        (await numbers(directory)).map((number) => readRecord(join(directory, `${number}.json`))),
      );
      for (const [index, version] of all.entries())
        if (!version.removed && version.key.startsWith(prefix)) found.push(summary(version, index === 0));
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  };

  return {
    async head(reference) {
      try {
        const found = await find(reference);
        return found === undefined ? undefined : head(reference.bucket, found.record);
      } catch (cause) {
        throw failure(`Looking at ${reference.key} of ${reference.bucket} failed`, cause);
      }
    },
    async read(reference, range, signal) {
      const found = await find(reference);
      if (found === undefined)
        throw new StoreFailure("missing", `There is no object ${reference.key} in ${reference.bucket}.`);
      return createReadStream(found.path, { start: range?.start, end: range?.end, signal });
    },
    async write(reference, body, write) {
      const directory = folder(reference.bucket, reference.key);
      let staged: string | undefined;
      try {
        await mkdir(directory, { recursive: true });
        const { path, bytes, etag } = await stage(directory, body);
        staged = path;
        const written = await put(reference, path, bytes, etag, { ...write, removed: false });
        const created = head(reference.bucket, written);
        options.onCreated?.(created);
        return created;
      } catch (cause) {
        throw failure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
      } finally {
        if (staged !== undefined) await rm(staged, { force: true });
      }
    },
    async remove(reference) {
      const directory = folder(reference.bucket, reference.key);
      const { record: current } = await latest(directory);
      if (current === undefined || current.removed) return;
      await put(reference, undefined, 0, '""', { contentType: "", removed: true });
      options.onRemoved?.(reference);
    },
    async *list(bucket, prefix) {
      for (const version of await versions(bucket, prefix)) if (version.latest) yield version;
    },
    async *listVersions(bucket, prefix) {
      yield* await versions(bucket, prefix);
    },
    async file(bucket, key) {
      return (await find({ bucket, key }))?.path;
    },
  };
};
