import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

const imageSchema = z.strictObject({
  /** A repository URI with a host, or any name without a slash for the stage's repository. */
  repository: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal characters")
    .nullable(),
  /** `hashContext` of the sources that the digest was built from. */
  contextHash: z.string(),
});
/** The reviewed image of the worker: `image.json`. */
export type ImageRecord = z.output<typeof imageSchema>;

/** Absolute path of the image record, in the working directory. */
export const imageRecordPath = resolve("image.json");

/** The image record cannot be read or is invalid. */
export class ImageRecordError extends UserError {
  constructor(path: string, reason: string, cause: unknown) {
    super(
      `${path} ${reason}. Restore it from version control, or remove it and create it again: npx reelway init`,
      { cause },
    );
  }
}

/**
 * Reads the image record.
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
    const reason =
      cause instanceof z.ZodError
        ? `is not valid: ${cause.issues.map(({ path: field, message }) => [...field, message].join(": ")).join("; ")}`
        : "is not valid JSON";
    throw new ImageRecordError(path, reason, cause);
  }
};

/** Writes the image record. The change is reviewed like code. */
export const writeImageRecord = async (record: ImageRecord, path = imageRecordPath): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(imageSchema.parse(record), null, 2)}\n`);
