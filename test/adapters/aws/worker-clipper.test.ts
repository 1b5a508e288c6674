import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkerClipper } from "../../../adapters/aws/worker-clipper.ts";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import type { Clipper, ClipRequest } from "../../../pipeline/highlights/clipper.ts";
import type { ArchivedSegment } from "../../../pipeline/highlights/segment.ts";
import { startJob } from "../../../pipeline/jobs/start-job.ts";
import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { drivePlan } from "../../e2e/drive-plan.ts";
import { serveFiles } from "../../e2e/file-server.ts";
import { packagedPrograms } from "../../e2e/media-programs.ts";
import { listNumbers, readFrameNumbers } from "../../media/describe-clip-cutting.ts";
import { makeLiveSegments } from "../../media/inputs/live-segments.ts";
import { type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const framesPerSegment = 60;
const framesPerSecond = 30_000 / 1001;
const startTime = 1_790_000_000;

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
      scratchDirectory: folder,
    });
  });
  afterEach(async () => {
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Archives segments of a channel that has run for 11 hours. The playlist rounds their times to milliseconds. */
  const archive = async (container: "mpegts" | "fmp4"): Promise<readonly ArchivedSegment[]> => {
    const segmentsFolder = join(folder, "segments");
    await mkdir(segmentsFolder);
    const { segments, initialization } = await makeLiveSegments(packagedPrograms(), segmentsFolder, {
      container,
      rate: "30000/1001",
      seconds: (framesPerSegment * 4) / framesPerSecond,
      framesPerSegment,
      startSeconds: 40_000,
    });
    const put = async (key: string, bytes: Buffer): Promise<void> => {
      const file = join(folder, "upload");
      await writeFile(file, bytes);
      await objects.write({ bucket: "archive", key }, { file }, { contentType: "video/mp2t" });
    };
    if (initialization !== undefined) await put("init.mp4", initialization);
    const archived: ArchivedSegment[] = [];
    for (const [index, bytes] of segments.entries()) {
      await put(`${index}.ts`, bytes);
      archived.push({
        channel: "news",
        id: `0-${index}`,
        timeline: 0,
        isInterrupted: false,
        candidates: [],
        startTime: Math.round((startTime + (index * framesPerSegment) / framesPerSecond) * 1000) / 1000,
        durationSeconds: framesPerSegment / framesPerSecond,
        key: `${index}.ts`,
        bytes: bytes.length,
        ...(initialization === undefined
          ? {}
          : { initialization: { key: "init.mp4", bytes: initialization.length } }),
        frameTimes: listNumbers(0, framesPerSegment).map((frame) => frame / framesPerSecond),
      });
    }
    return archived;
  };
  const buildRequest = (segments: readonly ArchivedSegment[], from: number, to: number): ClipRequest => ({
    channel: "news",
    clipId: "0-1-7-Person",
    label: "Person",
    segments,
    startTime: startTime + from / framesPerSecond,
    endTime: startTime + to / framesPerSecond,
    cut: "frame",
  });

  for (const container of ["mpegts", "fmp4"] as const)
    it(`makes a job whose clip has exactly the frames of the appearance, ${container}`, async () => {
      const segments = (await archive(container)).slice(1);
      const [from, to] = [framesPerSegment + 7, framesPerSegment * 3 + 20];
      const result = await clipper.createClip(buildRequest(segments, from, to));
      if (result.kind !== "created") throw new Error(result.kind);
      const job = await fixture.ports.jobs.read(result.jobId);
      const specification = job?.specification ?? undefined;
      if (job === undefined || specification === undefined) throw new Error("The job has no specification.");
      expect({ route: job.route, recipe: job.recipe, started: fixture.started.size }).to.deep.equal({
        route: "highlights",
        recipe: "clip",
        started: 1,
      });
      const source = (await objects.findFile("archive", job.source.key)) ?? "";
      const server = await serveFiles(join(source, ".."));
      try {
        const outputs = await drivePlan(packagedPrograms(), {
          recipe: specification.recipe,
          url: server.url(source.slice(source.lastIndexOf("/") + 1)),
          outputKeys: specification.outputKeys,
          folder,
        });
        expect(outputs.flatMap(({ problems }) => problems)).to.deep.equal([]);
        const { numbers } = await readFrameNumbers(packagedPrograms(), outputs[0]?.path ?? "");
        expect(numbers).to.deep.equal(listNumbers(from, to));
      } finally {
        await server.close();
      }
    });

  it("makes one job and one source, however often it is called, and waits when the hourly limit is reached", async () => {
    const segments = await archive("mpegts");
    const request = buildRequest(segments, 10, 70);
    const failing = createWorkerClipper({
      ports: {
        ...fixture.ports,
        objects: { ...objects, write: () => Promise.reject(new Error("The disk is full.")) },
      },
      archiveBucket: "archive",
      sourcePrefix: "clips/",
      outputPrefix: "highlights/",
      scratchDirectory: folder,
    });
    // A request that fails does not use the limit, which is one job.
    await failing.createClip(request).then(
      () => expect.fail("The source was stored."),
      (cause: unknown) => expect(String(cause)).to.include("The disk is full."),
    );
    const first = await clipper.createClip(request);
    const second = await clipper.createClip(request);
    const other = await clipper.createClip(buildRequest(segments, 10, 71));

    expect(first).to.have.property("kind", "created");
    expect(second).to.deep.equal({ ...first, kind: "duplicate" });
    expect(other).to.deep.include({ kind: "deferred", notBefore: "2026-11-21T04:00:00.000Z" });
    const sources: string[] = [];
    for await (const { key } of objects.list("archive", "clips/")) sources.push(key);
    // The source of the other one waits with it.
    expect(sources).to.have.length(2);
    expect(fixture.started.size).to.equal(1);
  });

  it("leaves the start of a job to the reconciler's next run, if it cannot start jobs", async () => {
    const claiming = createWorkerClipper({
      ports: { ...fixture.ports, objects },
      archiveBucket: "archive",
      sourcePrefix: "clips/",
      outputPrefix: "highlights/",
      scratchDirectory: folder,
    });

    const result = await claiming.createClip(buildRequest(await archive("mpegts"), 10, 70));
    expect(result).to.have.property("kind", "created");
    expect(fixture.started.size).to.equal(0);
    const { started } = await createReconciler(fixture.ports)();

    expect(started).to.equal(1);
    expect(fixture.started.size).to.equal(1);
  });

  it("refuses an appearance across a discontinuity, and one whose segments have expired", async () => {
    const [first, ...rest] = await archive("mpegts");
    if (first === undefined) throw new Error("There are no segments.");
    const discontinuous = [first, ...rest.map((segment) => ({ ...segment, timeline: 1 }))];
    const across = await clipper.createClip(buildRequest(discontinuous, 10, 70));
    const expired = await clipper.createClip(buildRequest(rest, 10, 70));

    expect(across).to.have.property("kind", "refused");
    expect(across).to.have.property("reason").that.includes("discontinuity");
    expect(expired).to.have.property("reason").that.includes("do not cover");
  });
});
