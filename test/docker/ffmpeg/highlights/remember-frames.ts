import { createHash } from "node:crypto";
import type { FrameReader, SegmentStream } from "../../../../pipeline/highlights/frame-reader.ts";
import type { ObjectStore } from "../../../../pipeline/ports/object-store.ts";

/** Results of all readers of this process. */
const results = new Map<string, Promise<unknown>>();

const remember = <Result>(key: readonly unknown[], read: () => Promise<Result>): Promise<Result> => {
  const text = JSON.stringify(key);
  const known = results.get(text) as Promise<Result> | undefined;
  if (known !== undefined) return known;
  const result = read();
  results.set(text, result);
  // A failure is one of its run, e.g. of its signal.
  result.catch(() => results.delete(text));
  return result;
};

/**
 * Remembers the results of a reader, which depend on the bytes of the segments alone: for many watchers of one channel.
 *
 * @param build of the programs
 */
export const rememberFrames = (
  { scan, readFrames, measureGrayLevels }: FrameReader,
  objects: Pick<ObjectStore, "head">,
  bucket: string,
  build: string,
): FrameReader => {
  /** Identifies the segments with their content. */
  const describe = ({ initialization, previous, segments }: SegmentStream) =>
    Promise.all(
      [initialization, previous, ...segments].map(async (part) => [
        part !== undefined && "id" in part ? part.id : null,
        part === undefined ? null : (await objects.head({ bucket, key: part.key }))?.etag,
      ]),
    );
  return {
    scan: async (stream, options, signal) =>
      remember([build, "scan", await describe(stream), options], () => scan(stream, options, signal)),
    readFrames: async (stream, frames, signal) =>
      remember([build, "read", await describe(stream), frames], () => readFrames(stream, frames, signal)),
    measureGrayLevels: (image) =>
      remember(["measure", createHash("sha1").update(image).digest("hex")], () => measureGrayLevels(image)),
  };
};
