import { expect } from "chai";
import * as z from "zod";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { planLadder } from "../../../pipeline/recipes/ladder.ts";
import type { LadderOptions } from "../../../pipeline/recipes/recipe.ts";
import {
  buildAudioHeader,
  buildFragmentedMp4,
  buildVideoHeader,
  type Entry,
} from "../packaging/fragmented-mp4.ts";
import {
  audioOf,
  bt709Tags,
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getFrameFilters,
  getOption,
  runPlan,
  scaleHd,
} from "./plan-context.ts";

const options: LadderOptions = {
  name: "ladder",
  heights: [1080, 720, 480, 360],
  segmentSeconds: 4,
  spriteIntervalSeconds: 5,
};
const folder = { outputKeys: ["output/a/"] };
const videoFragments: readonly Entry[] = [
  [1000, 4000],
  [3000, 4000],
  [500, 2000],
];
const audioFragments: readonly Entry[] = [
  [600, 4011],
  [600, 4011],
  [300, 2000],
];
/** Plans a ladder with encoded files of 10 s. The probe of a source is also the one of each encoded file. */
const buildPlan = (probe = buildProbe(), finishedProbe = probe) => {
  const isAudio = (path: string) =>
    Number(/rendition-(\d+)\.mp4$/.exec(path)?.[1]) >= (probe.video === undefined ? 0 : 4);
  return runPlan(planLadder(options, buildPlanContext(probe, folder)), (step) => {
    if (step.kind === "head")
      return {
        bytes: isAudio(step.path)
          ? buildFragmentedMp4(buildAudioHeader(), audioFragments)
          : buildFragmentedMp4(buildVideoHeader(), videoFragments),
      };
    if (step.kind !== "probe") return {};
    const { video, audio, ...rest } = finishedProbe;
    return { probe: isAudio(step.path) ? { ...rest, audio } : { ...rest, video } };
  });
};
const stepSchema = z.object({ kind: z.literal("ffmpeg"), arguments: z.array(z.string()) });
const names = (outputs: readonly { readonly key: string }[]) =>
  outputs.map(({ key }) => key.slice("output/a/".length));

describe("recipe ladder", () => {
  it("decodes once and encodes every rendition with aligned keyframes", () => {
    const [run] = buildPlan().runs;

    expect(getOption(run, "-filter_complex")?.split(";")).to.deep.equal([
      `[0:0]${getFrameFilters()},${scaleHd(1920, 1080)},format=yuv420p,${bt709Tags},setsar=1,fps=25,split=2[v0][n0]`,
      `[n0]${scaleHd(1280, 720)},setsar=1,split=2[v1][n1]`,
      `[n1]${scaleHd(852, 480)},setsar=1,split=2[v2][n2]`,
      `[n2]${scaleHd(640, 360)},setsar=1[v3]`,
    ]);
    expect(run?.arguments.filter((arg) => arg === "expr:gte(t,n_forced*4)")).to.have.length(4);
    expect([getOption(run, "-maxrate"), getOption(run, "-bufsize")]).to.deep.equal(["5010k", "10020k"]);
  });

  it("writes one fragmented file per track, each limited in duration", () => {
    const [run] = buildPlan().runs;
    const args = run?.arguments ?? [];

    expect(run?.hasDurationLimit).to.equal(true);
    expect(args.filter((arg) => arg.startsWith("/scratch/"))).to.deep.equal(
      [0, 1, 2, 3, 4].map((index) => `/scratch/rendition-${index}.mp4`),
    );
    expect(args.flatMap((arg, index) => (arg === "-t" ? [args[index + 1]] : [])).slice(-5)).to.deep.equal(
      new Array(5).fill("80"),
    );
    expect(args.filter((arg) => arg.includes("+global_sidx"))).to.have.length(5);
    expect(args.filter((arg) => arg.includes("+frag_keyframe"))).to.have.length(4);
    expect(getOption(run, "-frag_duration")).to.equal("4000000");
  });

  it("sets a constant rate once for all renditions", () => {
    const video = buildVideoProbe({ isVariableFrameRate: true, frameRate: 27 });

    const [firstRendition] =
      getOption(buildPlan(buildProbe({ video })).runs[0], "-filter_complex")?.split(";") ?? [];
    expect(firstRendition).to.match(/,setsar=1,fps=30000\/1001,split=2\[v0\]\[n0\]$/);
  });

  it("produces renditions, audio, images, and manifests last", () => {
    const { outputs } = buildPlan();

    expect(names(outputs)).to.deep.equal([
      ...["rendition-0.mp4", "rendition-1.mp4", "rendition-2.mp4", "rendition-3.mp4", "rendition-4.mp4"],
      ...["poster.jpg", "sprite.jpg", "thumbnails.vtt"],
      ...["media_0.m3u8", "media_1.m3u8", "media_2.m3u8", "media_3.m3u8", "media_4.m3u8"],
      ...["manifest.mpd", "master.m3u8"],
    ]);
    expect(outputs.map(({ isManifest }) => isManifest).lastIndexOf(false)).to.equal(6);
    expect(outputs[4]?.contentType).to.equal("audio/mp4");
  });

  it("expects each stream's own duration", () => {
    const { outputs } = buildPlan(
      buildProbe({ video: buildVideoProbe({ durationSeconds: 8 }), audio: audioOf({ durationSeconds: 9 }) }),
    );

    expect([
      outputs[0]?.expectation?.durationSeconds,
      outputs[4]?.expectation?.durationSeconds,
    ]).to.deep.equal([8, 9]);
    expect([outputs[0]?.expectation?.audio, outputs[4]?.expectation?.video]).to.deep.equal(["none", "none"]);
  });

  it("creates the sprite from the smallest rendition, and fits the poster into its box", () => {
    const { runs, outputs } = buildPlan();
    const sprite = runs.find(({ phase }) => phase === "sprite");

    expect(getOption(sprite, "-i")).to.equal("/scratch/rendition-3.mp4");
    expect(getOption(sprite, "-vf")).to.match(
      /^fps=1\/5:round=up,scale=160:90:.*format=yuvj420p,setsar=1,tile=2x1$/,
    );
    expect(outputs.find(({ key }) => key.endsWith("poster.jpg"))?.expectation?.video).to.deep.equal({
      codec: "mjpeg",
      width: 1280,
      height: 720,
    });
  });

  it("probes the finished rendition for an unknown duration", () => {
    const { steps, runs } = buildPlan(
      buildProbe({ durationSeconds: undefined }),
      buildProbe({ durationSeconds: 12 }),
    );

    expect(steps).to.deep.include({ kind: "probe", path: "/scratch/rendition-3.mp4" });
    expect(
      getOption(
        runs.find(({ phase }) => phase === "sprite"),
        "-vf",
      ),
    ).to.include("tile=3x1");
  });

  it("creates one sprite image if the rendition has no duration either", () => {
    const { runs } = buildPlan(
      buildProbe({ durationSeconds: undefined }),
      buildProbe({ durationSeconds: undefined }),
    );

    expect(
      getOption(
        runs.find(({ phase }) => phase === "sprite"),
        "-vf",
      ),
    ).to.include("tile=1x1");
  });

  it("packages audio-only sources without images", () => {
    const { outputs, runs } = buildPlan(buildProbe({ video: undefined }));

    expect(names(outputs)).to.deep.equal(["rendition-0.mp4", "media_0.m3u8", "manifest.mpd", "master.m3u8"]);
    expect(runs.map(({ phase }) => phase)).to.deep.equal(["encoding renditions", "checking loudness"]);
    expect(getOption(runs[0], "-filter_complex")).to.equal(undefined);
  });

  it("packages video without audio", () => {
    const { outputs, runs } = buildPlan(buildProbe({ audio: undefined }));

    expect(names(outputs)).not.to.include("rendition-4.mp4");
    expect(getOption(runs[0], "-c:a")).to.equal(undefined);
  });

  it("writes the manifests of what the encoded files contain", () => {
    const { steps } = buildPlan();
    const texts = new Map(steps.flatMap((step) => (step.kind === "write" ? [[step.path, step.text]] : [])));

    expect(texts.get("/scratch/media_0.m3u8")?.split("\n").slice(1, 8)).to.deep.equal([
      "#EXT-X-VERSION:7",
      "#EXT-X-TARGETDURATION:4",
      "#EXT-X-MEDIA-SEQUENCE:0",
      "#EXT-X-PLAYLIST-TYPE:VOD",
      `#EXT-X-MAP:URI="rendition-0.mp4",BYTERANGE="${buildVideoHeader().length}@0"`,
      "#EXTINF:4.000000,",
      `#EXT-X-BYTERANGE:1000@${buildVideoHeader().length + 76}`,
    ]);
    expect(texts.get("/scratch/master.m3u8")?.split("\n").slice(3, 6)).to.deep.equal([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="media_4.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=7200,AVERAGE-BANDWIDTH=4798,RESOLUTION=1920x1080,FRAME-RATE=25.000,CODECS="avc1.640029,mp4a.40.2",VIDEO-RANGE=SDR,AUDIO="audio"',
      "media_0.m3u8",
    ]);
    const manifest = texts.get("/scratch/manifest.mpd");
    expect(manifest?.match(/<Representation /g)).to.have.length(5);
    // Audio is the longest track.
    expect(manifest).to.include('mediaPresentationDuration="PT10.022S"');
  });

  it("says what each further audio track is, and that a client does not choose a commentary", () => {
    const audioTracks = [
      audioOf({ isDefault: true, language: "eng" }),
      audioOf({ index: 2, isCommentary: true }),
      audioOf({ index: 3, isVisualImpaired: true, language: "eng" }),
    ];
    const { steps, outputs } = buildPlan(buildProbe({ audioTracks }));
    const findText = (name: string) =>
      steps.flatMap((step) => (step.kind === "write" && step.path.endsWith(name) ? [step.text] : []))[0] ??
      "";

    expect(names(outputs)).to.include.members(["rendition-5.mp4", "media_6.m3u8"]);
    expect(findText("master.m3u8").split("\n").slice(3, 6)).to.deep.equal([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="media_4.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio 2 (commentary)",DEFAULT=NO,AUTOSELECT=NO,CHANNELS="2",URI="media_5.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English (audio description)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video",CHANNELS="2",URI="media_6.m3u8"',
    ]);
    expect(
      [...findText("manifest.mpd").matchAll(/ value="([a-z]+)"\/>/g)].map((match) => match[1]),
    ).to.deep.equal([...["main", "alternate", "commentary", "alternate", "description"]]);
  });

  it("tries further tracks by halves if the process fails, and omits those that fail, with a warning", () => {
    const audioTracks = [audioOf(), audioOf({ index: 2 })];
    const subtitleTracks = [
      { index: 3, codec: "subrip" },
      { index: 4, codec: "subrip", language: "ger" },
    ];
    const probe = buildProbe({ audioTracks, subtitleTracks });
    const plan = planLadder(options, buildPlanContext(probe, folder));
    const listFiles = (step: unknown): readonly string[] =>
      stepSchema
        .parse(step)
        .arguments.filter((argument) => argument.startsWith("/scratch/"))
        .map((path) => path.slice("/scratch/".length));
    const failure = new JobFailure(4002, "Subtitle encoding failed.");
    const succeed = () => plan.next({ log: "", text: "" }).value;
    const fail = () => plan.throw(failure).value;
    const [audio, first, second] = ["rendition-5.mp4", "subtitles-0.vtt", "subtitles-1.vtt"];

    expect(listFiles(plan.next().value).slice(4)).to.deep.equal(["rendition-4.mp4", audio, first, second]);
    expect(listFiles(fail())).to.deep.equal([audio, first, second]);
    expect(listFiles(fail())).to.deep.equal([audio, first]);
    expect(listFiles(succeed())).to.deep.equal([second]);
    expect(fail()).to.deep.equal({
      kind: "warn",
      text: "Subtitle track 4 (German) is not included: it could not be read. Subtitle encoding failed.",
    });
    expect(listFiles(succeed()).slice(4)).to.deep.equal(["rendition-4.mp4", audio, first]);
  });

  it("fails if the process fails without further tracks, or for another reason than the source", () => {
    const buildSteps = (more: Partial<Probe>) =>
      planLadder(options, buildPlanContext(buildProbe(more), folder));
    const plain = buildSteps({});
    plain.next();
    expect(catchCode(() => plain.throw(new JobFailure(4002, "damaged")))).to.equal(4002);
    const transient = buildSteps({ audioTracks: [audioOf(), audioOf({ index: 2 })] });
    transient.next();
    expect(catchCode(() => transient.throw(new JobFailure(9000, "full", { retryable: true })))).to.equal(
      9000,
    );
  });

  it("warns of more audio tracks than a ladder has", () => {
    const audioTracks = Array.from({ length: 10 }, (_, index) => audioOf({ index: index + 1 }));
    const { steps, outputs } = buildPlan(buildProbe({ audioTracks }));

    expect(names(outputs).filter((name) => name.startsWith("rendition"))).to.have.length(4 + 8);
    expect(steps).to.deep.include({
      kind: "warn",
      text: "The source has 10 audio tracks; the ladder has 8 of them.",
    });
  });

  it("lists audio alone as the only variant", () => {
    const { steps } = buildPlan(buildProbe({ video: undefined }));
    const master = steps.findLast((step) => step.kind === "write");

    expect(master?.kind === "write" ? master.text.split("\n").slice(3) : []).to.deep.equal([
      '#EXT-X-STREAM-INF:BANDWIDTH=1200,AVERAGE-BANDWIDTH=1198,CODECS="mp4a.40.2"',
      "media_0.m3u8",
      "",
    ]);
  });

  it("ends with 4002 if a file has no fragment", () => {
    expect(catchCode(() => runPlan(planLadder(options, buildPlanContext(buildProbe(), folder))))).to.equal(
      4002,
    );
  });

  it("ends with 1000 without a folder", () => {
    expect(
      catchCode(() => runPlan(planLadder(options, buildPlanContext(buildProbe(), { outputKeys: [] })))),
    ).to.equal(1000);
  });
});
