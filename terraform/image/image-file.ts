import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";

const imageSchema = z.strictObject({
  /** A URI with a host, or any name without a slash for the stage's own repository. */
  repository: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal characters")
    .nullable(),
  /** {@link hashSources} of what the digest was built from. */
  sources: z.string(),
});
/** The worker's image as it is reviewed: `docker/ffmpeg/image.json`. */
export type ImageRecord = z.output<typeof imageSchema>;

/** Where the worker's image is recorded. */
export const imageFile = fileURLToPath(new URL("../../docker/ffmpeg/image.json", import.meta.url));

/** The file is no record of an image. */
export class BadImageFile extends Error {
  constructor(path: string, why: string, cause: unknown) {
    super(
      `${path} ${why}. It holds {"repository", "digest", "sources"}; npx reelway image --record writes the last.`,
      { cause },
    );
    this.name = "BadImageFile";
  }
}

/**
 * Reads the record.
 *
 * @throws BadImageFile
 */
export const readImageRecord = async (path = imageFile): Promise<ImageRecord> => {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new BadImageFile(path, "cannot be read", cause);
  });
  try {
    return imageSchema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : "is no JSON";
    throw new BadImageFile(path, why, cause);
  }
};

/** Writes the record; the change is reviewed like code. */
export const writeImageRecord = async (record: ImageRecord, path = imageFile): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(imageSchema.parse(record), null, 2)}\n`);
