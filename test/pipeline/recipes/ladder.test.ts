import { expect } from "chai";
import { planLadder } from "../../../pipeline/recipes/ladder.ts";
import type { LadderOptions } from "../../../pipeline/recipes/recipe.ts";
import {
  audioOf,
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getOption,
  runPlan,
} from "./plan-context.ts";

const options: LadderOptions = {
  name: "ladder",
  heights: [1080, 720, 480, 360],
  segmentSeconds: 4,
  spriteIntervalSeconds: 5,
};
const folder = { outputKeys: ["output/a/"] };
const buildPlan = (probe = buildProbe(), finishedProbe = buildProbe()) =>
  runPlan(planLadder(options, buildPlanContext(probe, folder)), (step) =>
    step.kind === "probe" ? { probe: finishedProbe } : {},
  );
const names = (outputs: readonly { readonly key: string }[]) =>
  outputs.map(({ key }) => key.slice("output/a/".length));

describe("recipe ladder", () => {
  it("decodes once and encodes every rendition with aligned keyframes", () => {
    const [run] = buildPlan().runs;

    expect(getOption(run, "-filter_complex")?.split(";")).to.deep.equal([
      "[0:0]scale=1920:1080:flags=bicubic,setsar=1,format=yuv420p,split=2[v0][n0]",
      "[n0]scale=1280:720:flags=bicubic,setsar=1,split=2[v1][n1]",
      "[n1]scale=852:480:flags=bicubic,setsar=1,split=2[v2][n2]",
      "[n2]scale=640:360:flags=bicubic,setsar=1[v3]",
    ]);
    expect(run?.arguments.filter((arg) => arg === "expr:gte(t,n_forced*4)")).to.have.length(4);
    expect([getOption(run, "-maxrate:v:0"), getOption(run, "-bufsize:v:0")]).to.deep.equal([
      "5010k",
      "10020k",
    ]);
    expect(getOption(run, "-adaptation_sets")).to.equal(
      "id=0,streams=0 id=1,streams=1 id=2,streams=2 id=3,streams=3 id=4,streams=4",
    );
  });

  it("sets a constant rate before the first rendition is scaled", () => {
    const video = buildVideoProbe({ isVariableFrameRate: true, frameRate: 27 });

    expect(getOption(buildPlan(buildProbe({ video })).runs[0], "-filter_complex")).to.match(
      /^\[0:0\]fps=30,scale=/,
    );
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
      /^setpts=PTS-STARTPTS,fps=1\/5:round=up,scale=160:90,.*tile=2x1$/,
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
    expect(runs).to.have.length(1);
    expect(getOption(runs[0], "-filter_complex")).to.equal(undefined);
  });

  it("packages video without audio", () => {
    const { outputs, runs } = buildPlan(buildProbe({ audio: undefined }));

    expect(names(outputs)).not.to.include("rendition-4.mp4");
    expect(getOption(runs[0], "-c:a")).to.equal(undefined);
  });

  it("rewrites ffmpeg's playlists and the multivariant playlist", () => {
    const { steps } = runPlan(
      planLadder(options, buildPlanContext(buildProbe({ video: undefined }), folder)),
      (step) =>
        step.kind === "read"
          ? {
              text: step.path.endsWith(".mpd")
                ? '<AdaptationSet bitstreamSwitching="true"><Representation id="0" codecs="mp4a.40.2">'
                : "#EXTINF:2,\n#EXT-X-BYTERANGE:1000@0\nrendition-0.mp4",
            }
          : {},
    );
    const written = steps.flatMap((step) => (step.kind === "write" ? [step] : []));

    expect(written.map(({ path }) => path)).to.deep.equal([
      "/scratch/manifest.mpd",
      "/scratch/media_0.m3u8",
      "/scratch/master.m3u8",
    ]);
    expect(written[2]?.text).to.include('BANDWIDTH=4000,AVERAGE-BANDWIDTH=4000,CODECS="mp4a.40.2"');
  });

  it("ends with 1000 without a folder", () => {
    expect(
      catchCode(() => runPlan(planLadder(options, buildPlanContext(buildProbe(), { outputKeys: [] })))),
    ).to.equal(1000);
  });
});
