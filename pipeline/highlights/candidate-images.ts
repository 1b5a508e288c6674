import { isMediaFailure } from "../errors/job-error.ts";
import { buildSegmentStream } from "./find-edge.ts";
import type { Candidate, FrameReader } from "./frame-reader.ts";
import type { ArchivedSegment } from "./segment.ts";

/** The images of candidates between the scan of their segment and its detection. */
export interface CandidateImages {
  /** Keeps the images of a scan, up to the limit of the memory. */
  add(segmentId: string, candidates: readonly Candidate[]): void;
  /**
   * Returns the image of a candidate, JPEG: that of the scan, else from the archive. Undefined if it cannot be decoded.
   *
   * @param previous the archived segment before, if there is one
   * @throws JobFailure that is not about the media
   */
  read(
    segment: ArchivedSegment,
    previous: ArchivedSegment | undefined,
    frame: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined>;
  /** Removes the images of a segment. */
  remove(segmentId: string): void;
}

/** Candidates that are read from the archive at a time: each time the whole segment is decoded. */
const maxFramesRead = 16;

/** Creates the memory of one run. @param maxBytes sum of the images */
export const createCandidateImages = (
  frames: Pick<FrameReader, "readFrames">,
  { maxBytes = 64 * 2 ** 20 }: { readonly maxBytes?: number } = {},
): CandidateImages => {
  const images = new Map<string, Map<number, Uint8Array>>();
  let totalBytes = 0;
  const add = (segmentId: string, frame: number, image: Uint8Array): void => {
    if (totalBytes + image.length > maxBytes) return;
    const ofSegment = images.get(segmentId) ?? new Map<number, Uint8Array>();
    if (ofSegment.has(frame)) return;
    images.set(segmentId, ofSegment.set(frame, image));
    totalBytes += image.length;
  };
  return {
    add(segmentId, candidates) {
      for (const { frame, image } of candidates) if (image !== undefined) add(segmentId, frame, image);
    },
    async read(segment, previous, frame, signal) {
      const known = images.get(segment.id)?.get(frame);
      if (known !== undefined) return known;
      const later = segment.candidates.map((candidate) => candidate.frame).filter((other) => other > frame);
      const wanted = [frame, ...later].slice(0, maxFramesRead);
      try {
        const read = await frames.readFrames(buildSegmentStream(segment, previous), wanted, signal);
        for (const [index, image] of read.entries())
          if (image !== undefined) add(segment.id, wanted[index] ?? frame, image);
        return read[0];
      } catch (cause) {
        if (!isMediaFailure(cause)) throw cause;
        return undefined;
      }
    },
    remove(segmentId) {
      for (const image of images.get(segmentId)?.values() ?? []) totalBytes -= image.length;
      images.delete(segmentId);
    },
  };
};
