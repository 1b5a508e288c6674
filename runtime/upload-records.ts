import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import * as z from "../pipeline/schema/z.ts";

const recordSchema = z.object({
  key: z.string(),
  /** The upload; its key is the one that the server has chosen. */
  upload: z.object({ uploadId: z.string(), key: z.string() }),
  /** Size and modification time of the file. */
  bytes: z.number(),
  mtimeMs: z.number(),
  partBytes: z.number(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
});
type UploadRecord = z.output<typeof recordSchema>;

/** The uploads that a command has begun and not completed, one per key. */
export interface UploadRecords {
  read(key: string): Promise<UploadRecord | undefined>;
  write(record: UploadRecord): Promise<void>;
  remove(key: string): Promise<void>;
}

/**
 * Opens the records of uploads in a folder. S3 lists neither metadata nor files of an upload in progress, so that only a
 * record can tell whether an upload is of the same file.
 *
 * @param destination where the uploads go, e.g. `s3://BUCKET`
 */
export const openUploadRecords = (directory: string, destination: string): UploadRecords => {
  const getPath = (key: string): string =>
    join(directory, `${createHash("sha256").update(`${destination}\n${key}`).digest("hex")}.json`);
  return {
    async read(key) {
      const file = await readJsonFile(getPath(key), recordSchema);
      return file.kind === "valid" ? file.value : undefined;
    },
    async write(record) {
      await mkdir(directory, { recursive: true });
      await writeAtomically(getPath(record.key), JSON.stringify(record), { durable: false, mode: 0o600 });
    },
    remove: (key) => rm(getPath(key), { force: true }),
  };
};
