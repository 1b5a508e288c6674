import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWorkerClipper } from "../../../../adapters/aws/worker-clipper.ts";
import { createLocalObjectStore } from "../../../../adapters/local/object-store.ts";
import { buildDayFolder } from "../../../../pipeline/highlights/archive-segments.ts";
import type { ClipRequest, ClipResult } from "../../../../pipeline/highlights/clipper.ts";
import type { ArchivedSegment } from "../../../../pipeline/highlights/segment.ts";
import type { ObjectStore } from "../../../../pipeline/ports/object-store.ts";
import { type MediaPrograms, packagedPrograms } from "../../../e2e/media-programs.ts";
import { listNumbers } from "../../../media/describe-clip-cutting.ts";
import { type LiveChannel, makeLiveSegments } from "../../../media/inputs/live-segments.ts";
import { openJobFixture } from "../../../pipeline/jobs/job-fixture.ts";
import { runClipJob } from "./run-clip-job.ts";

export const framesPerSegment = 60;
export const framesPerSecond = 30_000 / 1001;
/** Epoch seconds of the channel's frame 0: its third segment is the first one of a day. */
export const channelStartTime = Date.parse("2026-09-21T23:59:56.000Z") / 1000;

/** A part of the channel with timestamps of its own. */
export interface ArchivedTimeline
  extends Pick<LiveChannel, "container" | "startSeconds" | "videoGraph" | "encoderArguments"> {
  readonly timeline: number;
  /** Number of the first segment. */
  readonly firstSegment: number;
  readonly segmentCount: number;
}

/** A real clipper and a real worker over an archive on disk. */
export const openClipBench = async (programs: MediaPrograms) => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-clip-jobs-"));
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  const fixture = await openJobFixture();
  const objects = createLocalObjectStore({ directory: join(folder, "objects") });
  const clipper = createWorkerClipper({
    ports: { ...fixture.ports, objects },
    archiveBucket: "output",
    sourcePrefix: "archive/_clips/",
    outputPrefix: "highlights/",
  });
  const put = async (key: string, bytes: Buffer): Promise<void> => {
    const file = join(folder, "upload");
    await writeFile(file, bytes);
    await objects.write({ bucket: "output", key }, { file }, { contentType: "video/mp2t" });
  };

  /** Runs the job of a clip. */
  const runJob = async (result: ClipResult, jobObjects: ObjectStore = objects) => {
    if (result.kind !== "created") throw new Error(JSON.stringify(result));
    const { code, job, report } = await runClipJob(programs, {
      jobs: fixture.ports.jobs,
      objects: jobObjects,
      jobId: result.jobId,
      scratch,
    });
    return { code, job, outputs: report.outputs, error: report.error };
  };

  return {
    fixture,
    objects,
    clipper,
    /** Archives segments of 60 frames at 29.97 Hz. The playlist rounds their times to milliseconds. */
    async archive({ timeline, firstSegment, segmentCount, ...channel }: ArchivedTimeline) {
      const segmentsFolder = await mkdtemp(join(folder, "segments-"));
      const { segments, initialization } = await makeLiveSegments(packagedPrograms(), segmentsFolder, {
        ...channel,
        rate: "30000/1001",
        seconds: (framesPerSegment * segmentCount) / framesPerSecond,
        framesPerSegment,
        firstFrame: firstSegment * framesPerSegment,
      });
      const archived: ArchivedSegment[] = [];
      for (const [index, bytes] of segments.entries()) {
        const number = firstSegment + index;
        const startTime = channelStartTime + (number * framesPerSegment) / framesPerSecond;
        const dayFolder = buildDayFolder("archive/", "news", startTime * 1000);
        const key = `${dayFolder}${number}`;
        await put(key, bytes);
        const initializationKey = `${dayFolder}init-${timeline}.mp4`;
        if (initialization !== undefined) await put(initializationKey, initialization);
        archived.push({
          channel: "news",
          id: `0000-${String(number).padStart(4, "0")}`,
          timeline,
          isInterrupted: false,
          candidates: [],
          startTime: Math.round(startTime * 1000) / 1000,
          durationSeconds: framesPerSegment / framesPerSecond,
          key,
          bytes: bytes.length,
          ...(initialization === undefined
            ? {}
            : { initialization: { key: initializationKey, bytes: initialization.length } }),
          frameTimes: listNumbers(0, framesPerSegment).map((frame) => frame / framesPerSecond),
        });
      }
      return archived as readonly ArchivedSegment[];
    },
    /** A request for frames `from` until before `to`, by their numbers. */
    buildRequest(
      segments: readonly ArchivedSegment[],
      from: number,
      to: number,
      changes: Partial<ClipRequest> = {},
    ): ClipRequest {
      return {
        channel: "news",
        clipId: `0000-0000-${from}-Person`,
        label: "Person",
        segments,
        startTime: channelStartTime + from / framesPerSecond,
        endTime: channelStartTime + to / framesPerSecond,
        cut: "frame",
        ...changes,
      };
    },
    runJob,
    /** Requests a clip and runs its job. */
    makeClip: async (request: ClipRequest, jobObjects?: ObjectStore) =>
      runJob(await clipper.createClip(request), jobObjects),
    findFile: async (key: string): Promise<string> => (await objects.findFile("output", key)) ?? "",
    async close(): Promise<void> {
      await fixture.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
export type ClipBench = Awaited<ReturnType<typeof openClipBench>>;
