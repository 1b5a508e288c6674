import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { PlaybackPrivateKey } from "../../adapters/aws/playback-secret.ts";
import type { Site } from "../../adapters/aws/site-parameter.ts";
import type { PlaybackPublicKey } from "../../modules/playback-keys.ts";
import { UserError } from "../../pipeline/errors/errors.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import {
  describePublicKey,
  maxPlaybackKeys,
  playbackKeysPath,
  readPlaybackKeys,
  writePlaybackKeys,
} from "./key-record.ts";

/** The playback keys of a stage, where they are. */
export interface StagePlaybackKeys {
  readonly stage: string;
  /** The private keys in Secrets Manager, newest first. */
  readonly readSecret: () => Promise<readonly PlaybackPrivateKey[]>;
  /** @throws StoreFailure `missing` if the secret does not exist */
  readonly writeSecret: (keys: readonly PlaybackPrivateKey[]) => Promise<void>;
  /** The deployed site, with the keys that CloudFront has; undefined if it is not deployed. */
  readonly readSite: () => Promise<Site | undefined>;
  /** Path of the record. @default playback-keys.json */
  readonly recordPath?: string;
}

/** CloudFront does not have the newest key yet, so another rotation would remove the key that signs. */
export class PendingRotationError extends UserError {
  constructor(stage: string, fingerprint: string) {
    super(
      `The newest key ${fingerprint.slice(0, 16)} of stage ${stage} is not in CloudFront. Commit playback-keys.json and apply it before the next rotation: npx reelway deploy --stage ${stage} --only site`,
    );
  }
}

/** The secret for the keys does not exist. */
export class MissingPlaybackSecretError extends UserError {
  constructor(stage: string, cause: unknown) {
    super(
      `The secret for the playback keys of stage ${stage} does not exist. Create it: npx reelway deploy --stage ${stage} --only api`,
      { cause },
    );
  }
}

const createKey = async (): Promise<PlaybackPrivateKey> => {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { fingerprint: describePublicKey(pem).fingerprint, privateKey: pem };
};

/** Result of a rotation. */
export interface RotationResult {
  /** `recorded`: an earlier rotation had changed the secret only, and is now complete; no key was created. */
  readonly outcome: "created" | "recorded";
  /** The public keys of the stage, newest first. */
  readonly keys: readonly PlaybackPublicKey[];
}

/**
 * Creates a playback key, keeps its predecessor and removes older ones. The secret is written before the record, which is
 * derived from it, so an interrupted rotation is completed by the next. The new key signs when CloudFront has it.
 *
 * @throws PendingRotationError; MissingPlaybackSecretError; PlaybackKeysError
 */
export const rotatePlaybackKeys = async ({
  stage,
  readSecret,
  writeSecret,
  readSite,
  recordPath = playbackKeysPath,
}: StagePlaybackKeys): Promise<RotationResult> => {
  const record = await readPlaybackKeys(recordPath);
  const current = await readSecret();
  const writeRecord = async (privateKeys: readonly PlaybackPrivateKey[]) => {
    const keys = privateKeys.map(({ privateKey }) => describePublicKey(privateKey));
    await writePlaybackKeys({ ...record, [stage]: keys }, recordPath);
    return keys;
  };
  const listFingerprints = (keys: readonly { readonly fingerprint: string }[]) =>
    keys.map(({ fingerprint }) => fingerprint).join();
  const [newest] = current;
  if (newest !== undefined) {
    if (listFingerprints(current) !== listFingerprints(record[stage] ?? []))
      return { outcome: "recorded", keys: await writeRecord(current) };
    const site = await readSite();
    if (site !== undefined && site.keyIds[newest.fingerprint] === undefined)
      throw new PendingRotationError(stage, newest.fingerprint);
  }
  const next = [await createKey(), ...current].slice(0, maxPlaybackKeys);
  await writeSecret(next).catch((cause: unknown) => {
    throw cause instanceof StoreFailure && cause.kind === "missing"
      ? new MissingPlaybackSecretError(stage, cause)
      : cause;
  });
  return { outcome: "created", keys: await writeRecord(next) };
};

/** A playback key and where it is. */
export interface ListedPlaybackKey {
  readonly fingerprint: string;
  /** Whether `playback-keys.json` has it. */
  readonly isRecorded: boolean;
  /** CloudFront's id of the key; null if it does not have it. */
  readonly keyPairId: string | null;
  /** Whether the API signs with it. */
  readonly isSigning: boolean;
}

/** Lists the keys of a stage in the secret and in the record, newest first. */
export const listPlaybackKeys = async ({
  stage,
  readSecret,
  readSite,
  recordPath = playbackKeysPath,
}: StagePlaybackKeys): Promise<readonly ListedPlaybackKey[]> => {
  const recorded = (await readPlaybackKeys(recordPath))[stage] ?? [];
  const secret = await readSecret();
  const { keyIds = {} } = (await readSite()) ?? {};
  const signingKey = secret.find(({ fingerprint }) => keyIds[fingerprint] !== undefined);
  const fingerprints = new Set([...secret, ...recorded].map(({ fingerprint }) => fingerprint));
  return [...fingerprints].map((fingerprint) => ({
    fingerprint,
    isRecorded: recorded.some((key) => key.fingerprint === fingerprint),
    keyPairId: keyIds[fingerprint] ?? null,
    isSigning: signingKey?.fingerprint === fingerprint,
  }));
};
