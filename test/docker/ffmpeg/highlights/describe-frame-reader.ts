import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { createLocalObjectStore } from "../../../../adapters/local/object-store.ts";
import { createFrameReader } from "../../../../docker/ffmpeg/highlights/frame-reader.ts";
import type {
  FrameReader,
  StoredObject,
  StoredSegment,
} from "../../../../pipeline/highlights/frame-reader.ts";
import { type MediaPrograms, testLimits } from "../../../e2e/media-programs.ts";

const frameRate = 30_000 / 1001;
const seconds = 12;
const bits = 10;
const cell = 32;

/** Squares that show the number of a frame in binary, the lowest bit on the left. */
const counterFilter = Array.from({ length: bits }, (_, bit) => {
  const isSet = `gte(mod(n\\,${2 ** (bit + 1)})\\,${2 ** bit})`;
  return `drawbox=x=${bit * cell}:y=0:w=${cell}:h=${cell}:c=white:t=fill:enable='${isSet}'`;
}).join(",");

/** Reads the number that `counterFilter` drew. */
const readCounter = async (image: Uint8Array): Promise<number> => {
  const { data, info } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: bits }, (_, bit) => {
    const value = data[(cell / 2) * info.width + bit * cell + cell / 2] ?? 0;
    return value > 128 ? 2 ** bit : 0;
  }).reduce((sum, value) => sum + value, 0);
};

export const describeFrameReader = (open: () => MediaPrograms): void => {
  const programs = open();

  describe(`the frame reader with ${programs.build}`, () => {
    let folder = "";
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-frames-"));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    const readerOf = async (): Promise<FrameReader> =>
      createFrameReader({
        objects: createLocalObjectStore({ directory: join(folder, "objects") }),
        bucket: "archive",
        programs: programs.paths,
        capabilities: await programs.capabilities(),
        scratch: join(folder, "scratch"),
        limits: testLimits,
        threads: 2,
        memoryBytes: totalmem(),
      });

    /** Encodes a counter with a red scene from 5 s to 6.5 s in segments of 4 s, and archives them. */
    const archive = async (
      type: "mpegts" | "fmp4",
      encoder: readonly string[],
    ): Promise<{ readonly initialization?: StoredObject; readonly segments: readonly StoredSegment[] }> => {
      const directory = await mkdtemp(join(folder, `${type}-`));
      const extension = type === "mpegts" ? "ts" : "m4s";
      const scene = "drawbox=x=0:y=40:w=640:h=320:c=red:t=fill:enable='between(t,5,6.5)'";
      await programs.ffmpeg([
        ...["-f", "lavfi", "-i", `color=c=navy:s=640x360:r=30000/1001,${scene},${counterFilter}`],
        ...["-f", "lavfi", "-i", "sine=frequency=440", "-t", String(seconds)],
        ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", ...encoder],
        ...["-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_segment_type", type],
        ...["-hls_fmp4_init_filename", "init.mp4"],
        ...["-hls_segment_filename", join(directory, `s%d.${extension}`), join(directory, "live.m3u8")],
      ]);
      const objects = createLocalObjectStore({ directory: join(folder, "objects") });
      const store = async (name: string): Promise<StoredObject> => {
        const key = `${directory.split("/").at(-1)}/${name}`;
        const file = join(directory, name);
        await objects.write({ bucket: "archive", key }, { file }, { contentType: "video/mp4" });
        return { key, bytes: (await stat(file)).size };
      };
      const names = (await readdir(directory)).filter((name) => name.endsWith(extension)).sort();
      expect(await readFile(join(directory, "live.m3u8"), "utf8")).to.include(names.at(-1));
      const segments: StoredSegment[] = [];
      for (const name of names) segments.push({ id: name, ...(await store(name)) });
      return type === "fmp4" ? { initialization: await store("init.mp4"), segments } : { segments };
    };

    // As broadcast encoders do: parameter sets before every keyframe, frames that refer to the segment before.
    const openGop = [
      ...["-bf", "3", "-g", "60", "-x264-params", "open-gop=1:bframes=3"],
      ...["-flags", "+global_header", "-bsf:v", "dump_extra"],
    ];
    // A channel that has run for a day, and one whose times count from 1970.
    const cases = [
      ["MPEG-TS after 25 hours", "mpegts", ["-bf", "2", "-g", "120", "-output_ts_offset", "90000"]],
      ["fragmented MP4 of epoch times", "fmp4", ["-bf", "2", "-g", "120", "-output_ts_offset", "1795000000"]],
      ["MPEG-TS", "mpegts", ["-bf", "2", "-g", "120"]],
      ["MPEG-TS with open GOPs", "mpegts", openGop],
      ["fragmented MP4", "fmp4", ["-bf", "2", "-g", "120"]],
    ] as const;
    const candidateOptions = { sceneThreshold: 0.2, maxGapSeconds: 5 };

    for (const [title, type, encoder] of cases)
      it(`finds every frame and the scene cuts of ${title}`, async () => {
        const reader = await readerOf();
        const { segments, ...stream } = await archive(type, encoder);

        const scanned = await reader.scan({ ...stream, segments }, candidateOptions);

        const frameCounts = scanned.map(({ frameTimes }) => frameTimes.length);
        expect(frameCounts.reduce((sum, count) => sum + count, 0)).to.equal(Math.ceil(seconds * frameRate));
        let first = 0;
        const numbers: number[] = [];
        for (const { frameTimes, candidates } of scanned) {
          for (const [index, time] of frameTimes.entries())
            expect(time).to.be.closeTo(index / frameRate, 0.0005);
          for (const { frame, image } of candidates) {
            expect(await readCounter(image ?? new Uint8Array())).to.equal(first + frame);
            numbers.push(first + frame);
          }
          first += frameTimes.length;
        }
        const cuts = scanned.flatMap(({ candidates }, index) =>
          candidates
            .filter(({ sceneScore }) => sceneScore > 0.2)
            .map(({ frame }) => frame + frameCounts.slice(0, index).reduce((sum, count) => sum + count, 0)),
        );
        expect(cuts).to.deep.equal([Math.ceil(5 * frameRate), Math.floor(6.5 * frameRate) + 1]);
        expect(numbers).to.include.members([0, ...cuts]);
      });

    it("selects the same frames of a segment whether or not more follow, and after a restart", async () => {
      const reader = await readerOf();
      const { segments } = await archive("mpegts", openGop);
      const whole = await reader.scan({ segments }, candidateOptions);

      for (const [index, segment] of segments.entries()) {
        const previous = segments[index - 1];
        const stream = { segments: [segment], ...(previous === undefined ? {} : { previous }) };
        const [alone] = await reader.scan(stream, candidateOptions);
        expect(alone?.frameTimes).to.deep.equal(whole[index]?.frameTimes);
        expect(alone?.candidates.map(({ frame }) => frame)).to.deep.equal(
          whole[index]?.candidates.map(({ frame }) => frame),
        );
      }
    });

    it("selects at most four scene changes a second, also after a restart", async () => {
      const reader = await readerOf();
      // The scene changes every second frame.
      const flashes = ["-vf", "drawbox=c=white:t=fill:enable='lt(mod(n\\,4)\\,2)'", "-g", "120"];
      const { segments } = await archive("mpegts", flashes);

      const [first, second] = await reader.scan({ segments }, candidateOptions);

      // The segment's 4 s are in five seconds of the stream's clock. Of 60 changes, the rest are not selected.
      expect(first?.candidates.length).to.be.within(20, 22);
      const [previous, segment] = segments;
      if (previous === undefined || segment === undefined) throw new Error("There are too few segments.");
      const [alone] = await reader.scan({ previous, segments: [segment] }, candidateOptions);
      expect(alone?.candidates.map(({ frame }) => frame)).to.deep.equal(
        second?.candidates.map(({ frame }) => frame),
      );
    });

    it("reads single frames", async () => {
      const reader = await readerOf();
      const { segments } = await archive("mpegts", openGop);
      const [first, second] = segments;
      if (first === undefined || second === undefined) throw new Error("There are fewer than two segments.");
      const [scanned] = await reader.scan({ segments: [first] }, candidateOptions);
      const count = scanned?.frameTimes.length ?? 0;

      const images = await reader.readFrames({ previous: first, segments: [second] }, [0, 1, 57, 9999]);

      expect(images[3]).to.equal(undefined);
      const numbers = await Promise.all(
        images.slice(0, 3).map((image) => readCounter(image ?? new Uint8Array())),
      );
      expect(numbers).to.deep.equal([count, count + 1, count + 57]);
    });
  });
};
