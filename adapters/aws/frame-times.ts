import { deflateRawSync, inflateRawSync } from "node:zlib";

const microsecondsPerSecond = 1_000_000;

/**
 * Encodes frame times: the compressed differences of whole microseconds. A constant frame rate takes a few bytes, an
 * irregular one 2 to 3 bytes a frame.
 */
export const encodeFrameTimes = (frameTimes: readonly number[]): Uint8Array => {
  const microseconds = frameTimes.map((time) => Math.round(time * microsecondsPerSecond));
  const differences = microseconds.map((time, index) => time - (microseconds[index - 1] ?? 0));
  return deflateRawSync(JSON.stringify(differences));
};

/** Decodes the frame times of `encodeFrameTimes`. @throws Error if the bytes are not such times */
export const decodeFrameTimes = (bytes: Uint8Array): readonly number[] => {
  const differences: readonly number[] = JSON.parse(inflateRawSync(bytes).toString());
  let microseconds = 0;
  return differences.map((difference) => {
    microseconds += difference;
    return microseconds / microsecondsPerSecond;
  });
};
