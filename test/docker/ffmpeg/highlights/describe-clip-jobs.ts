import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createMemoryAppearanceStore } from "../../../../adapters/local/memory-appearance-store.ts";
import { requestRangeClip } from "../../../../pipeline/highlights/range-clip.ts";
import type { ArchivedSegment } from "../../../../pipeline/highlights/segment.ts";
import type { ObjectStore } from "../../../../pipeline/ports/object-store.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { listNumbers, readFrameNumbers } from "../../../media/describe-clip-cutting.ts";
import { buildBarsGraph } from "../../../media/inputs/graphs.ts";
import { findBeepSeconds } from "../../../media/measure/beeps.ts";
import {
  barColors,
  barPoints,
  measureColorError,
  readColors,
  readColorTags,
} from "../../../media/measure/colors.ts";
import { decodeAudio } from "../../../media/measure/decoded-audio.ts";
import {
  type ClipBench,
  channelStartTime,
  framesPerSecond,
  framesPerSegment,
  openClipBench,
} from "./clip-bench.ts";

/** Clips as the clipper requests them and the worker makes them, from the segments of an archive. */
export const describeClipJobs = (programs: MediaPrograms): void => {
  describe(`jobs of clips with ${programs.build}`, function () {
    this.timeout(60_000);
    let bench: ClipBench;
    beforeEach(async () => {
      bench = await openClipBench(programs);
    });
    afterEach(() => bench.close());

    for (const container of ["mpegts", "fmp4"] as const)
      it(`have exactly the frames of the appearance, ${container}, and copy no segment`, async () => {
        const timeline = { container, timeline: 0, firstSegment: 0, segmentCount: 4 } as const;
        // A channel that has run for 11 hours, whose first segment has expired.
        const segments = (await bench.archive({ ...timeline, startSeconds: 40_000 })).slice(1);
        const [from, to] = [framesPerSegment + 7, framesPerSegment * 3 + 20];
        const { code, job, outputs, error } = await bench.makeClip(bench.buildRequest(segments, from, to));

        expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
        const keys = outputs.map(({ key }) => key);
        const name = /^highlights\/news\/(20260921T235958Z-Person-[0-9a-f]{6})\.mp4$/.exec(
          keys[0] ?? "",
        )?.[1];
        expect(name, keys[0]).to.be.a("string");
        expect(keys).to.include.members([
          `highlights/news/${name}.jpg`,
          `highlights/news/${name}/master.m3u8`,
          `highlights/news/${name}/manifest.mpd`,
        ]);
        const path = await bench.findFile(keys[0] ?? "");
        const { numbers } = await readFrameNumbers(programs, path);
        expect(numbers).to.deep.equal(listNumbers(from, to));
        const beeps = findBeepSeconds(await decodeAudio(programs, path));
        const beep = Math.ceil(from / framesPerSecond) - from / framesPerSecond;
        expect(beeps.find((seconds) => seconds > beep - 0.1)).to.be.closeTo(beep, 0.03);
        const { initialization } = segments[0] ?? {};
        const bytes = segments.reduce((sum, segment) => sum + segment.bytes, initialization?.bytes ?? 0);
        expect(job.source.bytes).to.equal(bytes);
        expect(job.source.segmentList?.bytes).to.be.within(100, 1000);
        expect(job.source.key).to.match(new RegExp(`^archive/_clips/news/[0-9a-f]{16}/${name}\\.json$`));
      });

    for (const containers of [
      ["mpegts", "mpegts"],
      ["fmp4", "fmp4"],
      ["mpegts", "fmp4"],
    ] as const)
      it(`join the parts before and after a discontinuity, ${containers.join(" and ")}, in sync`, async () => {
        const segments = [
          ...(await bench.archive({
            container: containers[0],
            timeline: 0,
            firstSegment: 0,
            segmentCount: 2,
            startSeconds: 40_000,
          })),
          ...(await bench.archive({
            container: containers[1],
            timeline: 1,
            firstSegment: 2,
            segmentCount: 2,
            startSeconds: 7,
          })),
        ];
        const [from, to] = [framesPerSegment + 7, framesPerSegment * 3 + 20];
        const { code, job, outputs, error } = await bench.makeClip(bench.buildRequest(segments, from, to));

        expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
        const path = await bench.findFile(outputs[0]?.key ?? "");
        const { numbers } = await readFrameNumbers(programs, path);
        expect(numbers).to.deep.equal(listNumbers(from, to));
        // Each timeline of the channel beeps at its own seconds.
        const joint = framesPerSegment * 2;
        const expected = [
          (3 * framesPerSecond - from) / framesPerSecond,
          ...[0, 1, 2].map((second) => (joint + second * framesPerSecond - from) / framesPerSecond),
        ];
        const beeps = findBeepSeconds(await decodeAudio(programs, path));
        expect(beeps).to.have.length(expected.length);
        for (const [index, seconds] of expected.entries())
          expect(beeps[index], `beep ${index} of ${beeps.join(", ")}`).to.be.closeTo(seconds, 0.03);
        expect(outputs.map(({ key }) => key)).to.include(
          `${(outputs[0]?.key ?? "").replace(/\.mp4$/, "")}/master.m3u8`,
        );
        expect(job.source.bytes).to.be.above(segments.reduce((sum, { bytes }) => sum + bytes, 0) - 1);
      });

    it("join a part of another size without audio: in the size of the first part, with silence", async () => {
      const timeline = { container: "mpegts", timeline: 0, firstSegment: 0, segmentCount: 2 } as const;
      const first = await bench.archive({ ...timeline, startSeconds: 40_000 });
      const second = await bench.archive({
        ...timeline,
        timeline: 1,
        firstSegment: 2,
        startSeconds: 0,
        encoderArguments: ["-vf", "scale=128:240,setsar=1", "-an"],
      });
      const [from, to] = [framesPerSegment + 7, framesPerSegment * 3 + 20];
      const request = bench.buildRequest([...first, ...second], from, to);
      const { code, outputs, error } = await bench.makeClip(request);
      const only = await bench.makeClip(bench.buildRequest(first, from, framesPerSegment * 2));

      expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
      const [file] = outputs;
      expect([file?.width, file?.height]).to.deep.equal([only.outputs[0]?.width, only.outputs[0]?.height]);
      const path = await bench.findFile(file?.key ?? "");
      const { numbers } = await readFrameNumbers(programs, path);
      expect(numbers).to.have.length(to - from);
      const joint = framesPerSegment * 2;
      expect(numbers.slice(0, joint - from)).to.deep.equal(listNumbers(from, joint));
      const audio = await decodeAudio(programs, path);
      const seconds = (audio.channels[0]?.length ?? 0) / audio.sampleRate;
      expect(seconds).to.be.closeTo((to - from) / framesPerSecond, 0.05);
      expect(findBeepSeconds(audio)).to.have.length(1);
    });

    const storedColors = {
      "BT.709": "bt709 tv yuv420p bt709",
      "BT.601": "bt601 tv yuv420p smpte170m",
      "BT.601 in full range": "bt601 pc yuvj420p smpte170m",
      "BT.709 in full range": "bt709 pc yuvj420p bt709",
    } as const;
    for (const [names, matrix] of [
      [["BT.709", "BT.601", "BT.709 in full range"], "bt709"],
      [["BT.601 in full range", "BT.709", "BT.601"], "smpte170m"],
    ] as const)
      it(`show the same colors in each part: ${names.join(", ")}`, async () => {
        const segments: ArchivedSegment[] = [];
        for (const [index, name] of names.entries()) {
          const [stored, range, pixelFormat, tag = ""] = storedColors[name].split(" ");
          const archived = await bench.archive({
            container: "mpegts",
            timeline: index,
            firstSegment: index,
            segmentCount: 1,
            startSeconds: 100,
            videoGraph: buildBarsGraph({ rate: framesPerSecond, seconds: 3 }),
            encoderArguments: [
              ...["-vf", `scale=out_color_matrix=${stored}:out_range=${range},format=${pixelFormat}`],
              ...["-crf", "8", "-colorspace", tag, "-color_primaries", tag, "-color_trc", tag],
              ...["-color_range", range ?? "", "-t", String(framesPerSegment / framesPerSecond)],
            ],
          });
          segments.push(...archived);
        }
        const [from, to] = [10, framesPerSegment * 3 - 10];
        const { code, outputs, error } = await bench.makeClip(bench.buildRequest(segments, from, to));

        expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
        const path = await bench.findFile(outputs[0]?.key ?? "");
        expect(await readColorTags(programs, path)).to.deep.include({ range: "tv", matrix });
        for (const [index, name] of names.entries()) {
          const seconds = ((index + 0.5) * framesPerSegment - from) / framesPerSecond;
          const colors = await readColors(programs, path, barPoints, { seconds });
          expect(measureColorError(colors, barColors), name).to.be.at.most(3);
        }
      });

    it("find the segments of a time range in the folders of both days, across midnight (UTC)", async () => {
      const timeline = { container: "fmp4", timeline: 0, firstSegment: 0, segmentCount: 4 } as const;
      const store = createMemoryAppearanceStore(bench.fixture.ports.clock);
      for (const segment of await bench.archive({ ...timeline, startSeconds: 40_000 }))
        await store.putSegment(segment);
      const midnight = Date.parse("2026-09-22T00:00:00.000Z") / 1000;
      const range = { fromTime: midnight - 1, toTime: midnight + 1 };
      const { code, job, outputs, error } = await bench.runJob(
        await requestRangeClip({ store, clipper: bench.clipper }, { name: "news", cut: "frame" }, range),
      );

      expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
      const list = await text(await bench.objects.read(job.source));
      expect(list).to.include("news/2026-09-21/1").and.to.include("news/2026-09-22/2");
      const { numbers } = await readFrameNumbers(programs, await bench.findFile(outputs[0]?.key ?? ""));
      const toFrame = (time: number): number => Math.round((time - channelStartTime) * framesPerSecond);
      expect(numbers).to.deep.equal(listNumbers(toFrame(range.fromTime), toFrame(range.toTime)));
      expect(outputs[0]?.key).to.match(/news\/20260921T235959Z-2s-[0-9a-f]{6}\.mp4$/);
    });

    it("begin at the keyframe before, without encoding", async () => {
      const timeline = { container: "fmp4", timeline: 0, firstSegment: 0, segmentCount: 4 } as const;
      const segments = await bench.archive({ ...timeline, startSeconds: 40_000 });
      const [from, to] = [framesPerSegment + 7, framesPerSegment * 3 + 20];
      const request = bench.buildRequest(segments, from, to, { cut: "keyframe" });
      const { code, outputs, error } = await bench.makeClip(request);

      expect({ code, error }).to.deep.equal({ code: 0, error: undefined });
      const { numbers } = await readFrameNumbers(programs, await bench.findFile(outputs[0]?.key ?? ""));
      expect(numbers.slice(0, to - framesPerSegment)).to.deep.equal(listNumbers(framesPerSegment, to));
      expect(numbers.length - (to - framesPerSegment)).to.be.within(0, 3);
    });

    it("end with the name of a segment that has expired", async () => {
      const timeline = { container: "mpegts", timeline: 0, firstSegment: 0, segmentCount: 3 } as const;
      const segments = await bench.archive({ ...timeline, startSeconds: 40_000 });
      await bench.objects.remove({ bucket: "output", key: segments[1]?.key ?? "" });
      const { code, error } = await bench.makeClip(bench.buildRequest(segments, 10, framesPerSegment * 3));

      expect(code).to.equal(64);
      expect(error).to.deep.include({ code: 3001, retryable: false });
      expect(error?.message).to.include("archive/news/2026-09-21/1");
    });

    it("end if the list is not the one that the job was created for", async () => {
      const timeline = { container: "mpegts", timeline: 0, firstSegment: 0, segmentCount: 2 } as const;
      const segments = await bench.archive({ ...timeline, startSeconds: 0 });
      const replaceList: ObjectStore["read"] = async (reference, ...rest) =>
        bench.objects.read(
          reference.key.endsWith(".json") ? { bucket: "output", key: segments[0]?.key ?? "" } : reference,
          ...rest,
        );
      const { code, error } = await bench.makeClip(bench.buildRequest(segments, 10, 70), {
        ...bench.objects,
        read: replaceList,
      });

      expect(code).to.equal(65);
      expect(error).to.deep.include({ code: 4002 });
      expect(error?.message).to.include("is not the list of segments");
    });
  });
};
