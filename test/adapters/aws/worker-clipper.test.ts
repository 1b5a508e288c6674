import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createWorkerClipper } from "../../../adapters/aws/worker-clipper.ts";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import type { Limits } from "../../../pipeline/configuration/configuration.ts";
import type { Clipper, ClipRequest } from "../../../pipeline/highlights/clipper.ts";
import type { ArchivedSegment } from "../../../pipeline/highlights/segment.ts";
import { startJob } from "../../../pipeline/jobs/start-job.ts";
import type { ObjectStore, ObjectSummary } from "../../../pipeline/ports/object-store.ts";
import { listNumbers } from "../../media/describe-clip-cutting.ts";
import { type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const framesPerSegment = 60;
const framesPerSecond = 30_000 / 1001;
const startTime = 1_790_000_000;

const toFrames = (seconds: number): number => Math.round(seconds * framesPerSecond * 10) / 10;

describe("the clipper of the worker", function () {
  this.timeout(60_000);
  let fixture: JobFixture;
  let folder: string;
  let objects: ObjectStore & ReturnType<typeof createLocalObjectStore>;
  let clipper: Clipper;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-clipper-"));
    fixture = await openJobFixture({ maxJobsPerHour: 1 });
    objects = createLocalObjectStore({ directory: join(folder, "objects") });
    clipper = createWorkerClipper({
      ports: { ...fixture.ports, objects },
      startJob: (job) => startJob(fixture.ports, job),
      archiveBucket: "archive",
      sourcePrefix: "clips/",
      outputPrefix: "highlights/",
    });
  });
  afterEach(async () => {
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Segments of a channel. The playlist rounds their times to milliseconds. The clipper reads none of them. */
  const segments = listNumbers(0, 4).map(
    (index): ArchivedSegment => ({
      channel: "news",
      id: `0-${index}`,
      timeline: 0,
      isInterrupted: false,
      candidates: [],
      startTime: Math.round((startTime + (index * framesPerSegment) / framesPerSecond) * 1000) / 1000,
      durationSeconds: framesPerSegment / framesPerSecond,
      key: `archive/${index}.ts`,
      bytes: 2 ** 20,
      frameTimes: listNumbers(0, framesPerSegment).map((frame) => frame / framesPerSecond),
    }),
  );
  const buildRequest = (segments: readonly ArchivedSegment[], from: number, to: number): ClipRequest => ({
    channel: "news",
    clipId: "0-1-7-Person",
    label: "Person",
    segments,
    startTime: startTime + from / framesPerSecond,
    endTime: startTime + to / framesPerSecond,
    cut: "frame",
  });

  it("reads no segment of a clip of hours, and writes a list of them", async () => {
    const hours = listNumbers(0, 3 * 1800).map(
      (index): ArchivedSegment => ({
        channel: "news",
        id: `0-${String(index).padStart(6, "0")}`,
        timeline: 0,
        isInterrupted: false,
        candidates: [],
        startTime: startTime + 2 * index,
        durationSeconds: 2,
        key: `archive/news/2026-11-21/0-${String(index).padStart(6, "0")}.ts`,
        bytes: 1_500_000,
        frameTimes: listNumbers(0, 50).map((frame) => frame / 25),
      }),
    );
    const result = await clipper.createClip({
      ...buildRequest(hours, 0, 1),
      endTime: startTime + 3 * 3600 - 1,
    });

    if (result.kind !== "created") throw new Error(JSON.stringify(result));
    const { source } = (await fixture.ports.jobs.read(result.jobId)) ?? {};
    expect(source?.bytes).to.equal(hours.length * 1_500_000);
    const stored: ObjectSummary[] = [];
    for await (const object of objects.list("archive", "")) stored.push(object);
    expect(stored.map(({ key, bytes }) => [key, bytes])).to.deep.equal([
      [source?.key, source?.segmentList?.bytes],
    ]);
    expect(source?.segmentList?.bytes).to.be.below(500_000);
  });

  it("refuses a clip over a limit before it writes anything, and says what to do", async () => {
    const refuse = async (limits: Partial<Limits>): Promise<string> => {
      const { configuration } = fixture.ports;
      const limited = createWorkerClipper({
        ports: {
          ...fixture.ports,
          configuration: { ...configuration, limits: { ...configuration.limits, ...limits } },
          objects: { ...objects, write: () => Promise.reject(new Error("An object was written.")) },
        },
        archiveBucket: "archive",
        sourcePrefix: "clips/",
        outputPrefix: "highlights/",
      });
      const result = await limited.createClip(buildRequest(segments, 10, 70));
      return result.kind === "refused" ? result.reason : result.kind;
    };

    expect(await refuse({ maxSourceBytes: 3 * 2 ** 20 })).to.equal(
      "The segments of clip 0-1-7-Person have 4.0 MiB, over the limit maxSourceBytes of 3.0 MiB. Clip a shorter time range, or raise the limit.",
    );
    expect(await refuse({ maxSourceMinutes: 0.1 })).to.equal(
      "The segments of clip 0-1-7-Person have 0.1 minutes, over the limit maxSourceMinutes of 0.1. Clip a shorter time range, or raise the limit.",
    );
  });

  it("makes one job and one source, however often it is called; the job of another clip waits for the hourly limit", async () => {
    const request = buildRequest(segments, 10, 70);
    const failing = createWorkerClipper({
      ports: {
        ...fixture.ports,
        objects: { ...objects, write: () => Promise.reject(new Error("The disk is full.")) },
      },
      archiveBucket: "archive",
      sourcePrefix: "clips/",
      outputPrefix: "highlights/",
    });
    await failing.createClip(request).then(
      () => expect.fail("The source was stored."),
      (cause: unknown) => expect(String(cause)).to.include("The disk is full."),
    );
    const first = await clipper.createClip(request);
    const second = await clipper.createClip(request);
    const other = await clipper.createClip(buildRequest(segments, 10, 71));

    expect(first).to.have.property("kind", "created");
    expect(second).to.deep.equal({ ...first, kind: "duplicate" });
    if (other.kind !== "created") throw new Error(other.kind);
    expect(await fixture.ports.jobs.read(other.jobId)).to.deep.include({
      status: "Submitted",
      notBefore: "2026-11-21T04:00:00.000Z",
    });
    const sources: string[] = [];
    for await (const { key } of objects.list("archive", "clips/")) sources.push(key);
    expect(sources).to.have.length(2);
    expect(fixture.started.size).to.equal(1);
  });

  it("leaves the start of a job to the reconciler's next run, if it cannot start jobs", async () => {
    const claiming = createWorkerClipper({
      ports: { ...fixture.ports, objects },
      archiveBucket: "archive",
      sourcePrefix: "clips/",
      outputPrefix: "highlights/",
    });

    const result = await claiming.createClip(buildRequest(segments, 10, 70));
    expect(result).to.have.property("kind", "created");
    expect(fixture.started.size).to.equal(0);
    const { started } = await createReconciler(fixture.ports)();

    expect(started).to.equal(1);
    expect(fixture.started.size).to.equal(1);
  });

  it("joins the parts of a clip across discontinuities, each with its own initialization section", async () => {
    const joined = segments.map((segment, index) => {
      const timeline = index < 2 ? 0 : 1;
      return { ...segment, timeline, initialization: { key: `archive/init-${timeline}.mp4`, bytes: 800 } };
    });
    const result = await clipper.createClip(buildRequest(joined, 10, framesPerSegment * 2 + 9));
    if (result.kind !== "created") throw new Error(JSON.stringify(result));
    const job = await fixture.ports.jobs.read(result.jobId);
    const recipe = job?.specification?.recipe;

    if (recipe?.name !== "clip") throw new Error("The job has no recipe.");
    expect(
      recipe.parts?.map((part) => [part.startSeconds, part.durationSeconds].map(toFrames)),
    ).to.deep.equal([
      [10, framesPerSegment * 2 - 10],
      [0, 9],
    ]);
    const { parts } = JSON.parse(
      await text(await objects.read({ bucket: "archive", key: job?.source.key ?? "" })),
    );
    expect(parts).to.deep.equal(
      [0, 1].map((timeline) => ({
        initialization: { key: `archive/init-${timeline}.mp4`, bytes: 800 },
        segments: [0, 1].map((index) => ({ key: `archive/${timeline * 2 + index}.ts`, bytes: 2 ** 20 })),
      })),
    );
    expect(job?.source.bytes).to.equal(4 * 2 ** 20 + 1600);
  });

  it("leaves out a timeline of which the clip has no frame", async () => {
    const joined = segments.map((segment, index) => ({ ...segment, timeline: index < 2 ? 0 : 1 }));
    const result = await clipper.createClip(buildRequest(joined.slice(0, 3), 10, framesPerSegment * 2));
    if (result.kind !== "created") throw new Error(JSON.stringify(result));
    const job = await fixture.ports.jobs.read(result.jobId);

    expect(job?.specification?.recipe).to.not.have.property("parts");
    expect(job?.source.bytes).to.equal(2 * 2 ** 20);
  });

  it("refuses a clip across too many discontinuities, and one whose segments have expired", async () => {
    const last = segments[3];
    if (last === undefined) throw new Error("There are no segments.");
    const many = listNumbers(0, 60).map((index) => ({ ...last, id: `${index}`, timeline: index + 1 }));
    const [, ...rest] = segments;
    const across = await clipper.createClip(buildRequest([...segments.slice(0, 3), ...many], 10, 70));
    const expired = await clipper.createClip(buildRequest(rest, 10, 70));

    expect(across).to.have.property("kind", "refused");
    expect(across).to.have.property("reason").that.includes("60 discontinuities");
    expect(expired).to.have.property("reason").that.includes("do not cover");
  });
});
