import { createHash, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import type { PlaybackPublicKey, PlaybackPublicKeys } from "../../modules/playback-keys.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Keys of a stage: the one that signs, and its predecessor or successor during a rotation. */
export const maxPlaybackKeys = 2;

/** Describes a public key: its fingerprint and PEM. @throws if it is not RSA 2048, which CloudFront requires */
export const describePublicKey = (key: Parameters<typeof createPublicKey>[0]): PlaybackPublicKey => {
  const publicKey = createPublicKey(key);
  const { modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType !== "rsa" || modulusLength !== 2048)
    throw new TypeError("The key is not RSA 2048.");
  return {
    fingerprint: createHash("sha256")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("hex"),
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};

const isConsistent = ({ fingerprint, pem }: PlaybackPublicKey): boolean => {
  try {
    const key = describePublicKey(pem);
    return key.fingerprint === fingerprint && key.pem === pem;
  } catch {
    return false;
  }
};

const recordSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9]{0,11}$/),
  z
    .array(
      z
        .strictObject({ fingerprint: z.string(), pem: z.string() })
        .refine(isConsistent, "must be an RSA 2048 public key in PEM with its fingerprint"),
    )
    .max(maxPlaybackKeys),
);

/** Absolute path of the record of public keys, in the working directory. */
export const playbackKeysPath = resolve("playback-keys.json");

/** The record of public keys cannot be read or is invalid. */
export class PlaybackKeysError extends UserError {
  constructor(path: string, reason: string, cause: unknown) {
    super(
      `${path} ${reason}. Restore it from version control, or remove it and write it again from the secret of each stage: npx reelway playback-keys rotate --stage STAGE`,
      { cause },
    );
  }
}

/**
 * Reads the public keys of all stages; empty without a record.
 *
 * @throws PlaybackKeysError
 */
export const readPlaybackKeys = async (path = playbackKeysPath): Promise<PlaybackPublicKeys> => {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return {};
    throw new PlaybackKeysError(path, "cannot be read", cause);
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? `is not valid: ${cause.issues.map(({ path: field, message }) => [...field, message].join(": ")).join("; ")}`
        : "is not valid JSON";
    throw new PlaybackKeysError(path, reason, cause);
  }
};

/** Writes the public keys of all stages. The change is reviewed like code. */
export const writePlaybackKeys = async (keys: PlaybackPublicKeys, path = playbackKeysPath): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(recordSchema.parse(keys), null, 2)}\n`);
