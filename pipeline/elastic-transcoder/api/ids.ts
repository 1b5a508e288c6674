import { createHash, randomBytes } from "node:crypto";

const letters = "0123456789abcdefghijklmnopqrstuvwxyz";

const encodeBytes = (bytes: Uint8Array, alphabet: string, length: number): string => {
  let number = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let position = 0; position < length; position += 1) {
    text += alphabet[Number(number % BigInt(alphabet.length))];
    number /= BigInt(alphabet.length);
  }
  return text;
};

/** A new id of a job, pipeline or preset, `^\d{13}-\w{6}$`: the time in milliseconds and a random suffix. */
export const generateId = (now: number): string =>
  `${String(now).padStart(13, "0").slice(0, 13)}-${encodeBytes(randomBytes(8), letters, 6)}`;

/**
 * The id of a new job. With `reelway-job` in the metadata, it is derived from that job and attempt, so that a repeated
 * CreateJob returns the first job. Otherwise it is random (`generateId`).
 */
export const generateTranscoderJobId = (
  pipelineId: string,
  userMetadata: Readonly<Record<string, string>>,
  now: number,
): string => {
  const job = userMetadata["reelway-job"];
  if (job === undefined) return generateId(now);
  const hash = createHash("sha256")
    .update(`${pipelineId}\n${job}\n${userMetadata["reelway-attempt"] ?? "1"}`)
    .digest();
  return `${encodeBytes(hash.subarray(0, 16), "0123456789", 13)}-${encodeBytes(hash.subarray(16), letters, 6)}`;
};
