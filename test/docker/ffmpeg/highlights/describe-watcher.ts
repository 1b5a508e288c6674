import { readdir } from "node:fs/promises";
import { expect } from "chai";
import type { FrameReference } from "../../../../pipeline/highlights/segment.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { liveFrameRate, startLiveOrigin } from "./live-origin.ts";
import { startRekognitionServer } from "./rekognition-server.ts";
import { startRuntimeApi } from "./runtime-api.ts";
import { openWatcherMachine } from "./watcher-machine.ts";

/** The numbers of the frames that show a person: the first, and the first one after them. */
const shown = { from: 83, to: 141 };

export const describeWatcher = (programs: MediaPrograms): void => {
  describe(`the watcher's program with ${programs.build}`, function () {
    this.timeout(60_000);
    const cleanups: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
    });

    it("answers invocations of AWS Lambda, and finds an appearance in a live channel across them", async () => {
      const live = await startLiveOrigin({ programs, seconds: 10, segmentSeconds: 1, windowSize: 6 });
      cleanups.push(live.close);
      const rekognition = await startRekognitionServer({
        isShown: (frame) => frame >= shown.from && frame < shown.to,
      });
      cleanups.push(rekognition.close);
      const machine = await openWatcherMachine({
        programs,
        channel: { manifestUrl: live.manifestUrl, maxGapSeconds: 1 },
        rekognitionUrl: rekognition.url,
      });
      cleanups.push(machine.close);
      const api = await startRuntimeApi();
      cleanups.push(api.close);
      const { child, exited } = machine.start({
        AWS_LAMBDA_RUNTIME_API: api.endpoint,
        STAGE: "reelway-test",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048",
      });

      // AWS Lambda ends a run after 75 s. These end by themselves, after three seconds and with the channel.
      const first = await api.invoke("{}", Date.now() + 18_000);
      const second = await api.invoke("{}", Date.now() + 75_000);

      expect(first).to.have.property("path", "response");
      expect(first.body).to.deep.include({ channel: "news", outcome: "deadline" });
      expect(second.body).to.deep.include({ channel: "news", outcome: "ended" });
      const { appearances } = await machine.store.listAppearances("news");
      expect(appearances.map(({ label, status }) => [label, status])).to.deep.equal([["Person", "closed"]]);
      const [{ start, end, clipJobId } = { start: undefined, end: undefined, clipJobId: undefined }] =
        appearances;
      // The playlist begins a segment each second, so the last digits of a segment's id are its second.
      const toNumber = (edge: FrameReference | undefined): number =>
        Number(edge?.segmentId.slice(-4)) * liveFrameRate + (edge?.frame ?? Number.NaN);
      expect([toNumber(start), toNumber(end)]).to.deep.equal([shown.from, shown.to]);
      expect(new Set(rekognition.frames).size).to.equal(rekognition.frames.length);
      expect(new Set(live.segments).size).to.equal(live.segments.length);
      expect(machine.notifications.map(({ subject }) => subject)).to.deep.equal([
        "Reelway: Person on news started",
        "Reelway: Person on news ended",
      ]);
      expect((await machine.jobs.read(clipJobId ?? ""))?.status).to.equal("Submitted");
      expect(await readdir(machine.scratch)).to.deep.equal([]);

      child.kill("SIGTERM");
      const { code, log } = await exited;
      expect(code, log).to.equal(0);
      const metrics = log
        .split("\n")
        .filter((line) => line.includes('"_aws"'))
        .map((line) => JSON.parse(line));
      expect(metrics.map(({ stage }) => stage)).to.deep.equal(["reelway-test", "reelway-test"]);
      expect(metrics[0]).to.have.property("ChannelLagSeconds").within(0, 5);
    });
  });
};
