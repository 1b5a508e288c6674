import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { type S3Server, startS3Server } from "./s3-server.ts";
import { type Bench, makeMedia, openBench, type RunningWorker } from "./worker-bench.ts";

/** Per cent of the work: a process is killed up to so much earlier, because an encoder holds its last frames back. */
const early = 2;
const victims = ["worker", "ffmpeg"] as const;

/** Workers and their ffmpeg, each killed once. @param moments per cent of the work at which they are killed */
export const describeKilledProcesses = (moments: readonly number[]): void => {
  describe("processes killed at work", function () {
    this.timeout(180_000);
    let bench: Bench;
    let server: S3Server;
    let clip: string;
    let bytes: number;
    const attempts = new Map<string, Promise<KilledAttempt>>();

    /** An attempt whose worker or ffmpeg was killed. */
    interface KilledAttempt {
      readonly job: Job;
      readonly worker: RunningWorker;
      readonly percent: number;
      readonly code: number | null;
      readonly ffmpegs: readonly number[];
      /** Keys of the output bucket after all processes ended. */
      readonly outputs: readonly string[];
      readonly report: Job["report"];
      /** The job after its task's stop was reported. */
      readonly closedJob: Job;
    }

    /** Waits until the worker reports the given progress; its source becomes ever slower and never ends. */
    const runUntilPercent = async (job: Job, percent: number) => {
      let share = (percent - 4) / 90;
      const hold = server.hold(job.source.key, Math.floor(bytes * share));
      const worker = bench.start(job, server.environment);
      let reportedPercent = 0;
      for (const reached = () => reportedPercent >= percent - early; !reached(); ) {
        await Promise.race([pause(200), worker.exited]);
        const { progress } = await bench.waitForJob(job, worker, () => true);
        reportedPercent = progress.percent;
        // On a busy machine a worker takes seconds to start: its source must not run ahead of it.
        if (progress.phase !== "watermarking") continue;
        share += Math.min(0.002, (0.9995 - share) * 0.04);
        hold.moveTo(Math.floor(bytes * share));
      }
      return { worker, reportedPercent };
    };

    const killAttempt = async (victim: (typeof victims)[number], percent: number): Promise<KilledAttempt> => {
      const job = await bench.upload("watermarks", `unprocessed-videos/${victim}-${percent}.mov`, clip);
      const { worker, reportedPercent } = await runUntilPercent(job, percent);
      const ffmpegs = (await worker.processes()).filter((pid) => pid !== worker.child.pid);
      if (victim === "worker") worker.child.kill("SIGKILL");
      else for (const pid of ffmpegs) process.kill(pid, "SIGKILL");
      const { code } = await worker.exited;
      // As the end of a container does, and the embedded runtime with its process group.
      if (victim === "worker") for (const pid of ffmpegs) process.kill(pid, "SIGKILL");
      return {
        ...{ job, worker, percent: reportedPercent, code, ffmpegs },
        outputs: await bench.outputs(),
        report: (await bench.store.read(job.id))?.report,
        closedJob: await bench.closeAttempt(job, code),
      };
    };

    before(async () => {
      bench = await openBench();
      server = await startS3Server(bench.objects);
      clip = join(bench.root, "clip.mov");
      // Video and audio of constant size: a share of the bytes is the same share of the clip.
      makeMedia(
        ..."-f lavfi -i testsrc=s=64x48:r=50:d=60 -f lavfi -i sine=d=60 -c:v mjpeg -q:v 5 -c:a pcm_s16le -ar 8000 -movflags +faststart -shortest".split(
          " ",
        ),
        clip,
      );
      bytes = await bench.bytesOf(clip);
      await bench.putWatermark();
      // All at once: they mostly wait for their sources.
      for (const victim of victims)
        for (const percent of moments) attempts.set(`${victim} ${percent}`, killAttempt(victim, percent));
      await Promise.allSettled(attempts.values());
    });
    after(async () => {
      await server.close();
      await bench.close();
    });

    const cutAttempt = async (victim: string, percent: number): Promise<KilledAttempt> => {
      const attempt = await attempts.get(`${victim} ${percent}`);
      if (attempt === undefined) throw new Error(`Nothing was killed: ${victim} ${percent}`);
      expect(attempt.percent).to.be.within(percent - early, percent === 90 ? 91 : percent + 8);
      expect(attempt.ffmpegs, "ffmpeg at work").to.have.length(1);
      expect(attempt.outputs).to.deep.equal([]);
      expect({ status: attempt.closedJob.status, attempt: attempt.closedJob.attempt }).to.deep.equal({
        status: "Submitted",
        attempt: 2,
      });
      return attempt;
    };

    for (const percent of moments)
      it(`requests another attempt if ffmpeg is killed at ${percent} %`, async () => {
        const { job, worker, code, report, closedJob } = await cutAttempt("ffmpeg", percent);

        expect(code, worker.log()).to.equal(75);
        expect(report?.outputs).to.deep.equal([]);
        expect(report?.error).to.deep.include({ code: 9000, name: "InternalError", retryable: true });
        expect(report?.error?.message).to.match(/^ffmpeg was killed by SIGKILL in phase /);
        expect(closedJob.history.at(-1)?.detail).to.equal(report?.error?.message);
        expect(await worker.processes()).to.deep.equal([]);
        expect((await bench.leftovers()).filter((name) => name.startsWith(job.id))).to.deep.equal([]);
      });

    for (const percent of moments)
      it(`completes in the next attempt if the worker is killed at ${percent} %`, async () => {
        const { job, closedJob, report } = await cutAttempt("worker", percent);
        server.hold(job.source.key, Number.POSITIVE_INFINITY);
        const result = await bench.run(closedJob, server.environment);
        const done = await bench.closeAttempt(closedJob, result.code);

        expect(report).to.equal(undefined);
        expect(closedJob.history.at(-1)?.detail).to.match(/worker was killed/);
        expect(result.code, result.log).to.equal(0);
        expect({ status: done.status, error: done.error }).to.deep.equal({ status: "Complete", error: null });
        expect(done.outputs.map(({ key }) => key)).to.deep.equal(job.specification?.outputKeys);
        expect(await bench.outputs()).to.include(done.outputs[0]?.key);
        expect(result.processes).to.deep.equal([]);
        expect((await bench.leftovers()).filter((name) => name.startsWith(job.id))).to.deep.equal([]);
      });
  });
};
