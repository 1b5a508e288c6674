import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Capabilities } from "../../../pipeline/encoding/capabilities.ts";
import { analysisToJpegFilters, buildAnalysisFilters } from "../../../pipeline/encoding/color-filters.ts";
import { imageArguments } from "../../../pipeline/encoding/encode.ts";
import { buildInputArguments, buildInspectionArguments } from "../../../pipeline/encoding/input-arguments.ts";
import { computeMemoryLimit, computeProbeMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { buildCandidateSelect } from "../../../pipeline/highlights/candidate.ts";
import type { FrameReader, SegmentStream } from "../../../pipeline/highlights/frame-reader.ts";
import {
  assignPackets,
  buildPrintFilters,
  findFrameIndex,
  frameTimeTolerance,
  isSameTime,
  listStreamSegments,
  type PrintedFrame,
  packetListSchema,
  parsePrintedFrames,
  type SegmentFrames,
} from "../../../pipeline/highlights/frame-times.ts";
import type { MediaLimits } from "../../../pipeline/media/media-limits.ts";
import { parseProbe } from "../../../pipeline/media/parse-probe.ts";
import type { VideoProbe } from "../../../pipeline/media/probe.ts";
import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { parseJson } from "../../../pipeline/text/parse-json.ts";
import { classifyFfmpegFailure } from "../failures/failure.ts";
import { type MediaPrograms, runFfmpeg } from "../programs/ffmpeg.ts";
import { runWatchedChild } from "../programs/watched-child.ts";
import { type SourceServer, startSourceServer } from "../source/source-server.ts";
import { measureGrayLevels } from "./gray-levels.ts";
import { computePerceptualHash } from "./perceptual-hash.ts";

export interface FrameReaderOptions {
  readonly objects: Pick<ObjectStore, "read">;
  /** Bucket of the archive. */
  readonly bucket: string;
  readonly programs: MediaPrograms;
  readonly capabilities: Capabilities;
  /** Folder for temporary files. */
  readonly scratch: string;
  readonly limits: MediaLimits;
  readonly threads: number;
  /** Memory of the function or the machine. */
  readonly memoryBytes: number;
}

/** Containers of HLS segments: MPEG-TS and fragmented MP4. */
const segmentDemuxers: readonly string[] = ["mpegts", "mov"];
const readTimeoutSeconds = 20;
const graceSeconds = 1;
/** A live channel must be read faster than it is sent. */
const timeoutSeconds = 120;
const progressTimeoutSeconds = 30;
/** Longer than any two segments. */
const maxStreamSeconds = 1200;
/** More than the packets of the longest segments. */
const maxJsonCharacters = 16 * 2 ** 20;
const scoresFile = "scores.txt";
/** Images of one scan that are kept in memory. */
const maxImageBytes = 48 * 2 ** 20;

/**
 * Builds of ffmpeg differ in the times of fragmented MP4 by a constant. So they count from the first frame, which for
 * MPEG-TS may be one that is not decoded.
 */
const isFragmented = ({ initialization }: SegmentStream): boolean => initialization !== undefined;

interface OpenStream {
  readonly stream: SegmentStream;
  readonly url: string;
  readonly server: SourceServer;
  readonly signal: AbortSignal;
  readonly name: string;
}
interface SelectedFrame extends PrintedFrame {
  /** JPEG. */
  readonly image: Uint8Array;
}
interface HashedFrame extends PrintedFrame {
  readonly hash: string;
  readonly image?: Uint8Array;
}
interface StreamProbe {
  readonly video: VideoProbe | undefined;
  readonly segments: readonly SegmentFrames[];
}

/** Creates the reader of archived segments. Each call runs ffprobe and ffmpeg once over the stream. */
export const createFrameReader = (options: FrameReaderOptions): FrameReader => {
  const { programs, capabilities, limits, threads, memoryBytes, scratch, bucket } = options;

  /** Serves the parts of a stream as one input while `read` runs. */
  const withStream = async <T>(
    stream: SegmentStream,
    parentSignal: AbortSignal | undefined,
    read: (open: OpenStream) => Promise<T>,
  ): Promise<T> => {
    const failureController = new AbortController();
    const signal = AbortSignal.any([
      failureController.signal,
      ...(parentSignal === undefined ? [] : [parentSignal]),
    ]);
    const server = await startSourceServer({
      objects: options.objects,
      readTimeoutSeconds,
      onFailure: (failure) => failureController.abort(failure),
    });
    try {
      const objects = [
        ...(stream.initialization === undefined ? [] : [stream.initialization]),
        ...listStreamSegments(stream),
      ];
      const { url } = server.serveJoined(
        objects.map(({ key, bytes }) => ({ reference: { bucket, key }, bytes })),
      );
      const name = `segment ${stream.segments.map(({ id }) => id).join(", ")}`;
      const result = await read({ stream, url, server, signal, name });
      signal.throwIfAborted();
      return result;
    } finally {
      await server.close();
    }
  };

  const probe = async ({ stream, url, server, signal, name }: OpenStream): Promise<StreamProbe> => {
    let json = "";
    const run = await runWatchedChild(
      programs.ffprobe,
      buildInspectionArguments(
        { url, demuxers: segmentDemuxers, limits },
        [
          ...["-select_streams", "v:0", "-show_format", "-show_streams"],
          ...["-show_entries", "packet=pts_time,pos"],
        ],
        "json",
      ),
      {
        signal,
        graceSeconds,
        memory: computeProbeMemoryLimit(limits.maxVideoPixels, memoryBytes),
        limits: { workTimeoutSeconds: timeoutSeconds, source: server.activity },
        onOutput: (text) => {
          if (json.length < maxJsonCharacters) json += text;
        },
      },
    );
    signal.throwIfAborted();
    if (run.signal !== null || run.exceededLimit !== undefined)
      throw new JobFailure(9000, `ffprobe was stopped before it had read ${name}.`, { retryable: true });
    if (run.code !== 0)
      throw new JobFailure(4000, `ffprobe cannot read ${name}: ${run.log.trim().split("\n").at(-1) ?? ""}`);
    const value = parseJson(json);
    const packets = packetListSchema.safeParse(value);
    if (!packets.success) throw new JobFailure(4000, `ffprobe found no packets in ${name}.`);
    const segments = assignPackets(stream, packets.data.packets);
    const origin = isFragmented(stream) ? Math.min(...segments.flatMap(({ pts }) => pts)) : 0;
    return {
      video: parseProbe(value, run.log).video,
      segments: segments.map(({ id, pts }) => ({ id, pts: pts.map((time) => time - origin) })),
    };
  };

  /**
   * Decodes the stream and encodes the frames that an expression selects, among them the first one.
   *
   * @param convert what is kept of a frame: the images of a long segment do not fit into memory
   */
  const select = async <T>(
    { stream, url, server, signal, name }: OpenStream,
    video: VideoProbe,
    expression: string,
    convert: (frame: SelectedFrame) => Promise<T>,
  ): Promise<readonly T[]> => {
    await mkdir(scratch, { recursive: true });
    const folder = await mkdtemp(join(scratch, "frames-"));
    try {
      const memory = computeMemoryLimit(
        {
          kind: "video",
          pixels: video.codedWidth * video.codedHeight,
          encoderCount: 1,
          lookahead: "short",
          threads,
        },
        memoryBytes,
      );
      const filters = [
        ...buildAnalysisFilters(video, capabilities),
        `select='${expression}'`,
        ...buildPrintFilters(scoresFile),
        ...analysisToJpegFilters,
      ];
      const run = await runFfmpeg(
        programs.ffmpeg,
        {
          hasDurationLimit: true,
          arguments: [
            "-threads",
            String(threads),
            "-copyts",
            ...buildInputArguments(segmentDemuxers, limits.maxVideoPixels),
            "-i",
            url,
            ...["-map", `0:${video.index}`, "-vf", filters.join(","), "-vsync", "0"],
            ...imageArguments.jpg,
            ...["-f", "image2", "-start_number", "0", "frame-%d.jpg"],
          ],
        },
        {
          signal,
          bounds: { maxMediaSeconds: maxStreamSeconds, timeoutSeconds },
          graceSeconds,
          threads,
          memory,
          cwd: folder,
          progressTimeoutSeconds,
          source: server.activity,
          onProgress: () => undefined,
        },
      );
      signal.throwIfAborted();
      if (run.code !== 0 || run.hasHitMemoryLimit)
        throw classifyFfmpegFailure(
          { name, recipe: "frames", scratch, memory, phase: "reading frames" },
          run,
        );
      const printed = parsePrintedFrames(await readFile(join(folder, scoresFile), "utf8").catch(() => ""));
      const origin = isFragmented(stream) ? (printed[0]?.pts ?? 0) : 0;
      const frames: T[] = [];
      for (const [index, { pts, sceneScore }] of printed.entries()) {
        const image = await readFile(join(folder, `frame-${index}.jpg`));
        frames.push(await convert({ pts: pts - origin, sceneScore, image }));
      }
      return frames;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    scan: (stream, { sceneThreshold, maxGapSeconds }, signal) =>
      withStream(stream, signal, async (open) => {
        const { video, segments } = await probe(open);
        let imageBytes = 0;
        const hashFrame = async ({ image, ...frame }: SelectedFrame): Promise<HashedFrame> => {
          const hash = await computePerceptualHash(image);
          if (imageBytes + image.length > maxImageBytes) return { ...frame, hash };
          imageBytes += image.length;
          return { ...frame, hash, image };
        };
        const expression = buildCandidateSelect(sceneThreshold, maxGapSeconds);
        const selected = video === undefined ? [] : await select(open, video, expression, hashFrame);
        return segments.flatMap(({ id, pts }, index) => {
          const before = segments[index - 1]?.pts[0];
          const [first = 0] = pts;
          return index === 0 && stream.previous !== undefined
            ? []
            : {
                id,
                ...(before === undefined || pts.length === 0 ? {} : { secondsAfterPrevious: first - before }),
                frameTimes: pts.map((time) => time - first),
                candidates: selected.flatMap(({ pts: time, ...candidate }) => {
                  const frame = findFrameIndex(pts, time);
                  return frame === undefined ? [] : { frame, ...candidate };
                }),
              };
        });
      }),

    readFrames: (stream, frames, signal) =>
      withStream(stream, signal, async (open) => {
        const { video, segments } = await probe(open);
        const pts = segments.at(-1)?.pts ?? [];
        const times = frames.map((frame) => pts[frame] ?? Number.NaN);
        const clock = isFragmented(stream) ? "(t-start_t)" : "t";
        const wanted = times
          .filter((time) => !Number.isNaN(time))
          .map((time) => `lt(abs(${clock}-${time.toFixed(6)}),${frameTimeTolerance.toFixed(6)})`);
        if (video === undefined || wanted.length === 0) return frames.map(() => undefined);
        // The filter prints only frames with metadata: the scene score is computed for that.
        const selected = await select(
          open,
          video,
          `(gte(scene,0)+1)*(eq(n,0)+${wanted.join("+")})`,
          async (frame) => frame,
        );
        return times.map((time) => selected.find((one) => isSameTime(one.pts, time))?.image);
      }),

    measureGrayLevels,
  };
};
