import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

const imageSchema = z.strictObject({
  /** A URI with a host, or any name without a slash for the stage's own repository. */
  repository: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal characters")
    .nullable(),
  /** {@link hashSources} of what the digest was built from. */
  contextHash: z.string(),
});
/** The worker's image as it is reviewed: `docker/ffmpeg/image.json`. */
export type ImageRecord = z.output<typeof imageSchema>;

/** Where the worker's image is recorded. */
export const imageRecordPath = fileURLToPath(new URL("../../docker/ffmpeg/image.json", import.meta.url));

/** The file is no record of an image. */
export class ImageRecordError extends UserError {
  constructor(path: string, reason: string, cause: unknown) {
    super(
      `${path} ${reason}. It holds {"repository", "digest", "sources"}; npx reelway image --record writes the last.`,
      { cause },
    );
  }
}

/**
 * Reads the record.
 *
 * @throws ImageRecordError
 */
export const readImageRecord = async (path = imageRecordPath): Promise<ImageRecord> => {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ImageRecordError(path, "cannot be read", cause);
  });
  try {
    return imageSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : "is no JSON";
    throw new ImageRecordError(path, reason, cause);
  }
};

/** Writes the record; the change is reviewed like code. */
export const writeImageRecord = async (record: ImageRecord, path = imageRecordPath): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(imageSchema.parse(record), null, 2)}\n`);
