import { link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createAtomically, syncPath } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";
import { type VersionRecord, versionRecord } from "./object-version.ts";
import { systemCode } from "./system-code.ts";

/** Milliseconds after which bytes without a record are taken for a crash's, not for a writer's under way. */
const orphanAge = 2000;

const recordPath = (folder: string, number: number): string => join(folder, `${number}.json`);
export const bytesPath = (folder: string, number: number): string => join(folder, `${number}.bytes`);

const numbersIn = (names: readonly string[], pattern: RegExp): readonly number[] =>
  names
    .filter((name) => pattern.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => b - a);

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
};

/** Numbers of a key's versions, the newest first. */
export const versionNumbers = async (folder: string): Promise<readonly number[]> =>
  numbersIn(await namesIn(folder), /^\d+\.json$/);

/** A version's record that cannot be read: `path` is the file's, `reason` completes "FILE …". */
export type OnBrokenRecord = (path: string, reason: string) => void;

/** A version's record; undefined where there is none, no longer, or a broken one, which is reported. */
export const readVersion = async (
  folder: string,
  number: number,
  onBroken: OnBrokenRecord,
): Promise<VersionRecord | undefined> => {
  const path = recordPath(folder, number);
  const file = await readJsonFile(path, versionRecord);
  if (file.kind === "valid") return file.value;
  if (file.kind !== "missing") onBroken(path, file.reason);
  return undefined;
};

/** The newest version, the mark of a removal included, and the number that the next one gets. */
export const latestVersion = async (
  folder: string,
  onBroken: OnBrokenRecord,
): Promise<{ readonly next: number; readonly number?: number; readonly record?: VersionRecord }> => {
  const numbers = await versionNumbers(folder);
  const next = (numbers[0] ?? 0) + 1;
  for (const number of numbers) {
    const record = await readVersion(folder, number, onBroken);
    if (record !== undefined) return { next, number, record };
  }
  return { next };
};

/** Makes a key's folder; the names of new folders outlive a power failure too. */
const makeFolder = async (folder: string): Promise<void> => {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncPath(dirname(made));
};

/**
 * Puts a version in place. The record's link is the one step that decides: without it there is no version. The bytes
 * are on the disk before, so that no power failure leaves a record of bytes that are not there: a version is what an
 * uploader was promised and what a job calls its output, and is made once. Measured on a local disk, the four fsync
 * calls add about 3 ms to an object, and less to one of many that are written at once.
 *
 * @param bytes path of the staged bytes; absent for the mark of a removal
 * @param staging folder for the unfinished record
 * @returns false where another writer took the number first
 */
export const placeVersion = async (
  folder: string,
  number: number,
  {
    bytes,
    record,
    staging,
  }: { readonly bytes?: string; readonly record: VersionRecord; readonly staging: string },
): Promise<boolean> => {
  // Together: a journal commits both at once.
  await Promise.all([makeFolder(folder), bytes === undefined ? undefined : syncPath(bytes)]);
  if (bytes !== undefined)
    try {
      // Its name reaches the disk with the record's: one folder, one sync.
      await link(bytes, bytesPath(folder, number));
    } catch (cause) {
      if (systemCode(cause) === "EEXIST") return false;
      throw cause;
    }
  return createAtomically(recordPath(folder, number), JSON.stringify(record), { temporaryFolder: staging });
};

/** Clears what a crash between the two links of `placeVersion` left: bytes without a record are nobody's. */
export const dropOrphan = async (folder: string, number: number): Promise<void> => {
  if ((await versionNumbers(folder)).includes(number)) return;
  const orphan = bytesPath(folder, number);
  const age = await stat(orphan).then(
    (found) => Date.now() - found.ctimeMs,
    () => 0,
  );
  if (age > orphanAge) await rm(orphan, { force: true });
};

/** Which old versions are forgotten. */
export interface Pruning {
  /** Those that were replaced earlier than this. */
  readonly replacedBefore: Date;
  /** Ids of versions that are kept all the same. */
  readonly keep: ReadonlySet<string>;
}

/**
 * Forgets a key's old versions. The newest stays, the mark of a removal too: it carries the numbers on.
 *
 * @returns how many were forgotten
 */
export const pruneVersions = async (
  folder: string,
  { replacedBefore, keep }: Pruning,
  onBroken: OnBrokenRecord,
): Promise<number> => {
  const names = await namesIn(folder);
  const numbers = numbersIn(names, /^\d+\.json$/);
  const newest = numbers[0] ?? 0;
  for (const orphan of numbersIn(names, /^\d+\.bytes$/))
    if (orphan < newest && !numbers.includes(orphan)) await rm(bytesPath(folder, orphan), { force: true });
  let pruned = 0;
  let successor = numbers.length < 2 ? undefined : await readVersion(folder, newest, onBroken);
  for (const number of numbers.slice(1)) {
    const version = await readVersion(folder, number, onBroken);
    if (version === undefined || successor === undefined) continue;
    const replaced = Date.parse(successor.modifiedAt) < replacedBefore.getTime();
    successor = version;
    if (!replaced || keep.has(version.versionId)) continue;
    // The record first: what has none is no version.
    await rm(recordPath(folder, number), { force: true });
    await rm(bytesPath(folder, number), { force: true });
    pruned += 1;
  }
  return pruned;
};
