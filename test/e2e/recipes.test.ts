import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as hls from "hls-parser";
import { JobFailure } from "../../pipeline/job/error.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan, type Made } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { ffmpeg, ffprobePath, run } from "./media-programs.ts";
import { makeClips } from "./sample-clips.ts";

type Options = Exclude<ReturnType<typeof recipeOptionsSchema.parse>, { name: "transcode" }>;
const recipe = (options: object): Recipe => {
  const parsed: Options | { name: "transcode" } = recipeOptionsSchema.parse(options);
  if (parsed.name === "transcode") throw new Error("transcode is proven with its presets");
  return parsed;
};

const outputKeys: Readonly<Record<string, readonly string[]>> = {
  thumbnail: ["thumb/a.png"],
  watermark: ["marked/a.mp4"],
  image: ["images/a.webp", "images/a.jpg"],
  ladder: ["output/a/"],
  audio: ["audio/a.m4a"],
  clip: ["clip/a.mp4"],
  frames: ["frames/a/"],
};

describe("recipes on real media", function () {
  this.timeout(60_000);
  let folder = "";
  let server: FileServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-recipes-"));
    await makeClips(folder);
    server = await serveFiles(folder);
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const make = async (
    options: { readonly name: string; readonly [option: string]: unknown },
    clip: string,
  ): Promise<readonly Made[]> =>
    drivePlan(
      recipe(options),
      server.url(clip),
      outputKeys[options.name] ?? [],
      folder,
      server.url("picture.png"),
    );
  const problems = (made: readonly Made[]) => made.flatMap((output) => output.problems);
  const sole = (made: readonly Made[]): Made => {
    expect(made).to.have.length(1);
    const [output] = made;
    if (output === undefined) throw new Error("nothing was made");
    return output;
  };
  const failure = async (work: Promise<unknown>): Promise<JobFailure> => {
    const cause: unknown = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(cause instanceof JobFailure)) throw new Error(`expected a JobFailure, got: ${String(cause)}`);
    return cause;
  };
  const shown = ({ probe }: Made) => [
    probe?.video?.codedWidth,
    probe?.video?.codedHeight,
    probe?.video?.rotation,
    probe?.video?.pixelFormat,
  ];

  const sizes: readonly (readonly [string, number, number])[] = [
    ["plain.mp4", 320, 180],
    ["odd.mkv", 320, 180],
    ["ten-bit.mkv", 320, 180],
    ["variable.mkv", 320, 180],
    ["interlaced.ts", 320, 180],
    ["silent.mp4", 320, 180],
    ["one-frame.mp4", 320, 180],
    ["anamorphic.mkv", 426, 240],
    ["long-sound.mkv", 320, 180],
    ["rotated.mov", 180, 320],
  ];
  for (const [clip, width, height] of sizes) {
    it(`watermarks ${clip} upright, even and in 8 bit`, async () => {
      const output = sole(await make({ name: "watermark" }, clip));

      expect(output.problems).to.deep.equal([]);
      expect(shown(output)).to.deep.equal([width, height, 0, "yuv420p"]);
      expect(output.probe?.video?.interlaced).to.equal(false);
    });

    it(`takes a thumbnail of ${clip}, however short`, async () => {
      const output = sole(await make({ name: "thumbnail" }, clip));

      expect(output.problems).to.deep.equal([]);
    });

    it(`packages ${clip} as a ladder`, async () => {
      const made = await make({ name: "ladder", segmentSeconds: 1, spriteSeconds: 1 }, clip);

      expect(problems(made)).to.deep.equal([]);
      expect(made.filter(({ key }) => /rendition-0/.test(key)).map(shown)).to.deep.equal([
        [width, height, 0, "yuv420p"],
      ]);
    });
  }

  it("lays the image over the frame where it is told to", async () => {
    const output = sole(
      await make(
        { name: "watermark", position: "top-left", margin: 0, scale: 0.5, opacity: 1 },
        "silent.mp4",
      ),
    );
    const raw = join(folder, "corner.rgb");
    await ffmpeg([
      ...[
        "-i",
        output.path,
        "-frames:v",
        "1",
        "-vf",
        "crop=8:8:300:160",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        raw,
      ],
    ]);
    const far = await readFile(raw);
    await ffmpeg([
      ...["-i", join(folder, "silent.mp4"), "-frames:v", "1", "-vf", "crop=8:8:300:160"],
      ...["-f", "rawvideo", "-pix_fmt", "rgb24", raw],
    ]);
    const source = await readFile(raw);
    await ffmpeg([
      ...[
        "-i",
        output.path,
        "-frames:v",
        "1",
        "-vf",
        "crop=8:8:20:20",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        raw,
      ],
    ]);
    const marked = await readFile(raw);

    expect(Math.abs((far[0] ?? 0) - (source[0] ?? 0)), "a corner without the mark").to.be.lessThan(24);
    // The mark is half transparent red: over any colour red is at least half, the others at most half.
    expect(marked[0]).to.be.greaterThan(100);
    expect(marked[2]).to.be.lessThan(150);
  });

  it("makes renditions that fit, with segments at the same moments", async () => {
    const made = await make({ name: "ladder", segmentSeconds: 1 }, "large.mkv");

    expect(problems(made)).to.deep.equal([]);
    expect(
      made.flatMap(({ probe, key }) => (/rendition-[012]/.test(key) ? [probe?.video?.codedHeight] : [])),
    ).to.deep.equal([720, 480, 360]);
    const durations = made
      .filter(({ key }) => /media_[012]/.test(key))
      .map(({ text }) => [...text.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => match[1]));
    expect(durations[0]).to.have.length.greaterThan(3);
    expect(durations[1]).to.deep.equal(durations[0]);
    expect(durations[2]).to.deep.equal(durations[0]);
  });

  it("writes playlists that a parser reads and a player plays to the end", async () => {
    const made = await make({ name: "ladder", segmentSeconds: 1 }, "large.mkv");
    const master = made.find(({ key }) => key === "output/a/master.m3u8");
    const parsed = hls.parse(master?.text ?? "");
    if (!parsed.isMasterPlaylist) throw new Error("no multivariant playlist");

    expect(parsed.variants.map(({ uri }) => uri)).to.deep.equal([
      "media_0.m3u8",
      "media_1.m3u8",
      "media_2.m3u8",
    ]);
    expect(
      parsed.variants.map(({ codecs }) => /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/.test(codecs ?? "")),
    ).to.deep.equal([true, true, true]);
    const { output, log } = await run(ffprobePath, [
      ...[
        "-v",
        "error",
        "-count_packets",
        "-select_streams",
        "v:0",
        "-show_entries",
        "stream=nb_read_packets",
      ],
      ...["-of", "csv=p=0", master?.path ?? ""],
    ]);
    expect([output.trim().split("\n")[0]?.replace(",", ""), log]).to.deep.equal(["121", ""]);
  });

  it("puts the renditions of the DASH manifest into one set, the sound into another", async () => {
    const made = await make({ name: "ladder", segmentSeconds: 1 }, "large.mkv");
    const text = made.find(({ key }) => key.endsWith(".mpd"))?.text ?? "";

    const sets = text.split("<AdaptationSet").slice(1);
    expect(sets.map((set) => set.split("<Representation ").length - 1)).to.deep.equal([3, 1]);
    expect(text.split("</AdaptationSet>")).to.have.length(3);
    expect(text).not.to.include("/tmp");
  });

  it("publishes manifests last and names every key under the folder", async () => {
    const made = await make({ name: "ladder" }, "plain.mp4");

    expect(made.every(({ key }) => key.startsWith("output/a/"))).to.equal(true);
    expect(
      made.filter(({ manifest }) => manifest).map(({ key }) => key.slice("output/a/".length)),
    ).to.deep.equal([...["thumbnails.vtt", "media_0.m3u8", "media_1.m3u8", "manifest.mpd", "master.m3u8"]]);
  });

  it("makes a sound ladder of a file without picture, its cover art ignored", async () => {
    for (const clip of ["sound.mka", "covered.mp3"]) {
      const made = await make({ name: "ladder" }, clip);

      expect(problems(made)).to.deep.equal([]);
      expect(made.map(({ key }) => key.slice("output/a/".length))).to.deep.equal([
        ...["rendition-0.mp4", "media_0.m3u8", "manifest.mpd", "master.m3u8"],
      ]);
    }
  });

  for (const picture of ["picture.png", "wide.jpg", "moving.gif", "still.tiff", "still.webp"])
    it(`makes WebP and JPEG of ${picture}`, async () => {
      const made = await make({ name: "image" }, picture);

      expect(problems(made)).to.deep.equal([]);
      expect(made.map(({ probe }) => probe?.video?.codec)).to.deep.equal(["webp", "mjpeg"]);
    });

  it("keeps transparency in WebP and lays it on white in JPEG", async () => {
    const [webp, jpeg] = await make({ name: "image" }, "picture.png");
    const raw = join(folder, "alpha.rgb");
    await ffmpeg([
      ...["-i", jpeg?.path ?? "", "-vf", "crop=8:8:48:48", "-f", "rawvideo", "-pix_fmt", "rgb24", raw],
    ]);
    const [red = 0, green = 0, blue = 0] = await readFile(raw);

    expect(webp?.probe?.video?.pixelFormat).to.match(/yuva420p|argb|bgra/);
    expect(red).to.be.greaterThan(240);
    expect(green).to.be.within(110, 145);
    expect(blue).to.be.within(110, 145);
  });

  for (const clip of ["tone.wav", "silence.wav", "sound.mka", "covered.mp3", "plain.mp4", "long-sound.mkv"])
    it(`normalises the sound of ${clip}`, async () => {
      const output = sole(await make({ name: "audio" }, clip));

      expect(output.problems).to.deep.equal([]);
      expect(output.probe?.audio?.sampleRate).to.equal(48000);
    });

  it("brings the loudness to the target", async () => {
    const output = sole(await make({ name: "audio", loudness: -23 }, "tone.wav"));
    const log = await ffmpeg(["-i", output.path, "-af", "ebur128", "-f", "null", "-"]);
    const loudness = Number(/Summary:[\s\S]*?I:\s+(-?[\d.]+) LUFS/.exec(log)?.[1]);

    expect(loudness).to.be.within(-24, -22);
  });

  it("cuts a clip to the frame, from its middle", async () => {
    const output = sole(
      await make({ name: "clip", start: { percent: 50 }, durationSeconds: 1 }, "plain.mp4"),
    );

    expect(output.problems).to.deep.equal([]);
    expect(output.probe?.durationSeconds).to.be.within(0.96, 1.08);
  });

  it("numbers a picture for every so many seconds", async () => {
    const made = await make({ name: "frames", everySeconds: 1 }, "plain.mp4");

    expect(problems(made)).to.deep.equal([]);
    expect(made.map(({ key }) => key)).to.deep.equal(
      [1, 2, 3].map((number) => `frames/a/frame-0000${number}.jpg`),
    );
  });

  for (const name of ["thumbnail", "watermark", "frames"])
    it(`refuses a sound file for ${name} with 4000`, async () => {
      expect((await failure(make({ name }, "sound.mka"))).code).to.equal(4000);
    });

  for (const clip of ["text.mp4", "playlist.mp4", "concat.mp4"])
    it(`refuses ${clip} with 4000 and never asks for what it points at`, async () => {
      await writeFile(
        join(folder, clip),
        (await readFile(join(folder, clip), "utf8")).replaceAll(
          join(folder, "plain.mp4"),
          server.url("secret.mp4"),
        ),
      );
      const error = await failure(make({ name: "clip", durationSeconds: 1 }, clip));

      expect(error.code).to.equal(4000);
      expect(server.requests).not.to.include("secret.mp4");
    });

  it("finds that a source is cut short by the length it declares", async () => {
    const made = await make({ name: "watermark" }, "cut.mkv");

    expect(problems(made)[0]).to.match(/^is 1\.\d+ s long, expected 4\.\d+ s$/);
  });

  it("tells of a source that is cut before the moment of its thumbnail", async () => {
    const error = await failure(make({ name: "thumbnail" }, "cut.mkv"));

    expect(error.code).to.equal(4002);
  });
});
