import { expect } from "chai";
import type { FrameReference } from "../../../../pipeline/highlights/segment.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { listNumbers, readFrameNumbers } from "../../../media/describe-clip-cutting.ts";
import { liveFrameRate, startLiveOrigin } from "./live-origin.ts";
import { startRekognitionServer } from "./rekognition-server.ts";
import { runClipJob } from "./run-clip-job.ts";
import { openWatcherMachine, type WatcherProcess } from "./watcher-machine.ts";

/** The numbers of the frames that show a person: the first, and the first one after them. */
const shown = { from: 158, to: 259 };
/** A request of a run at which it is killed. */
interface KillPoint {
  readonly kind: RegExp;
  /** Counts the requests of this kind in the run, from 1. */
  readonly occurrence: number;
  /** Whether the request has had its effect. Its answer never arrives. */
  readonly isAfter: boolean;
}
const killPoints: readonly KillPoint[] = [
  { kind: /^GET s/, occurrence: 1, isAfter: false },
  { kind: /^GET s/, occurrence: 2, isAfter: true },
  { kind: /^PutObject/, occurrence: 1, isAfter: false },
  { kind: /^PutObject/, occurrence: 2, isAfter: true },
  { kind: /PutItem/, occurrence: 1, isAfter: true },
  { kind: /UpdateItem/, occurrence: 6, isAfter: false },
  { kind: /UpdateItem/, occurrence: 9, isAfter: true },
  { kind: /^DetectLabels/, occurrence: 1, isAfter: false },
  { kind: /^DetectLabels/, occurrence: 3, isAfter: true },
  { kind: /^GetObject/, occurrence: 4, isAfter: true },
];

/** Kills a process at one of its requests. */
const createKiller = () => {
  let target: { readonly running: WatcherProcess; readonly point: KillPoint } | undefined;
  let count = 0;
  let isDead = false;
  const never = new Promise<never>(() => undefined);
  return {
    aim(running: WatcherProcess, point: KillPoint) {
      count = 0;
      isDead = false;
      target = { running, point };
    },
    rest() {
      isDead = false;
      target = undefined;
    },
    async pass<T>(kind: string, answer: () => Promise<T>): Promise<T> {
      if (isDead) return never;
      if (target === undefined || !target.point.kind.test(kind)) return answer();
      count += 1;
      const { running, point } = target;
      if (count < point.occurrence) return answer();
      isDead = true;
      if (point.isAfter) await answer();
      running.child.kill("SIGKILL");
      return never;
    },
  };
};

export const describeWatcherKills = (programs: MediaPrograms): void => {
  describe(`the watcher's program with ${programs.build}, killed at ten requests`, function () {
    this.timeout(120_000);
    const cleanups: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
    });

    it("processes each segment once, pays no frame twice, and makes one clip of exactly the appearance", async () => {
      const killer = createKiller();
      const live = await startLiveOrigin({
        programs,
        seconds: 16,
        segmentSeconds: 1,
        windowSize: 12,
        pass: killer.pass,
      });
      cleanups.push(live.close);
      const rekognition = await startRekognitionServer({
        isShown: (frame) => frame >= shown.from && frame < shown.to,
        pass: killer.pass,
      });
      cleanups.push(rekognition.close);
      const machine = await openWatcherMachine({
        programs,
        channel: { manifestUrl: live.manifestUrl, maxGapSeconds: 1, sceneThreshold: 1 },
        rekognitionUrl: rekognition.url,
        pass: killer.pass,
      });
      cleanups.push(machine.close);

      for (const [index, point] of killPoints.entries()) {
        const running = machine.start();
        killer.aim(running, point);
        const { signal, log } = await running.exited;
        expect(signal, `${index}: ${log}`).to.equal("SIGKILL");
        killer.rest();
        await machine.expireLease();
      }
      const { code, log } = await machine.start().exited;
      expect(code, log).to.equal(0);

      const segments: string[] = [];
      for await (const { id } of machine.store.listSegments("news", { fromTime: 0, toTime: 1e11 }))
        segments.push(id);
      expect(segments).to.deep.equal(
        segments.map(
          (_, index) => `00000000-${String(Number(segments[0]?.slice(-16)) + index).padStart(16, "0")}`,
        ),
      );
      const versions: string[] = [];
      for await (const { key } of machine.objects.listVersions("output", "archive/news/")) versions.push(key);
      expect(new Set(versions).size).to.equal(versions.length);
      expect(new Set(rekognition.frames).size).to.equal(rekognition.frames.length);

      const { appearances } = await machine.store.listAppearances("news");
      expect(appearances.map(({ label, status }) => [label, status])).to.deep.equal([["Person", "closed"]]);
      const [appearance] = appearances;
      const toNumber = (edge: FrameReference | undefined): number =>
        Number(edge?.segmentId.slice(-4)) * liveFrameRate + (edge?.frame ?? Number.NaN);
      expect(toNumber(appearance?.start)).to.be.closeTo(shown.from, 1);
      expect(toNumber(appearance?.end)).to.be.closeTo(shown.to, 1);

      const jobs = [];
      for await (const job of machine.jobs.listAll("Submitted")) jobs.push(job);
      expect(jobs.map(({ id }) => id)).to.deep.equal([appearance?.clipJobId]);
      const clip = await runClipJob(programs, {
        jobs: machine.jobs,
        objects: machine.objects,
        jobId: jobs[0]?.id ?? "",
        scratch: machine.scratch,
      });
      expect({ code: clip.code, error: clip.report.error }).to.deep.equal({ code: 0, error: undefined });
      const path = await machine.objects.findFile("output", clip.report.outputs[0]?.key ?? "");
      const { numbers } = await readFrameNumbers(programs, path ?? "");
      expect(numbers).to.deep.equal(listNumbers(toNumber(appearance?.start), toNumber(appearance?.end)));
    });
  });
};
