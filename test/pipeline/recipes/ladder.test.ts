import { expect } from "chai";
import { ladder } from "../../../pipeline/recipes/ladder.ts";
import type { LadderOptions } from "../../../pipeline/recipes/recipe.ts";
import { codeOf, contextOf, drive, optionOf, probeOf, soundOf, videoOf } from "./plan-context.ts";

const options: LadderOptions = {
  name: "ladder",
  heights: [1080, 720, 480, 360],
  segmentSeconds: 4,
  spriteSeconds: 5,
};
const folder = { outputKeys: ["output/a/"] };
const planOf = (probe = probeOf(), made = probeOf()) =>
  drive(ladder(options, contextOf(probe, folder)), (step) => (step.kind === "probe" ? { probe: made } : {}));
const names = (outputs: readonly { readonly key: string }[]) =>
  outputs.map(({ key }) => key.slice("output/a/".length));

describe("recipe ladder", () => {
  it("decodes once and encodes every rendition with keyframes at the same moments", () => {
    const [run] = planOf().runs;

    expect(optionOf(run, "-filter_complex")?.split(";")).to.deep.equal([
      "[0:0]scale=1920:1080:flags=bicubic,setsar=1,format=yuv420p,split=2[v0][n0]",
      "[n0]scale=1280:720:flags=bicubic,setsar=1,split=2[v1][n1]",
      "[n1]scale=852:480:flags=bicubic,setsar=1,split=2[v2][n2]",
      "[n2]scale=640:360:flags=bicubic,setsar=1[v3]",
    ]);
    expect(run?.arguments.filter((word) => word === "expr:gte(t,n_forced*4)")).to.have.length(4);
    expect([optionOf(run, "-maxrate:v:0"), optionOf(run, "-bufsize:v:0")]).to.deep.equal(["5010k", "10020k"]);
    expect(optionOf(run, "-adaptation_sets")).to.equal(
      "id=0,streams=0 id=1,streams=1 id=2,streams=2 id=3,streams=3 id=4,streams=4",
    );
  });

  it("gives a rate to a source that has none, before the first rendition is scaled", () => {
    const video = videoOf({ clockedRate: true, frameRate: 27 });

    expect(optionOf(planOf(probeOf({ video })).runs[0], "-filter_complex")).to.match(/^\[0:0\]fps=30,scale=/);
  });

  it("makes renditions, then sound, pictures, and last what names them", () => {
    const { outputs } = planOf();

    expect(names(outputs)).to.deep.equal([
      ...["rendition-0.mp4", "rendition-1.mp4", "rendition-2.mp4", "rendition-3.mp4", "rendition-4.mp4"],
      ...["poster.jpg", "sprite.jpg", "thumbnails.vtt"],
      ...["media_0.m3u8", "media_1.m3u8", "media_2.m3u8", "media_3.m3u8", "media_4.m3u8"],
      ...["manifest.mpd", "master.m3u8"],
    ]);
    expect(outputs.map(({ manifest }) => manifest).lastIndexOf(false)).to.equal(6);
    expect(outputs[4]?.contentType).to.equal("audio/mp4");
  });

  it("expects of each stream its own length", () => {
    const { outputs } = planOf(
      probeOf({ video: videoOf({ durationSeconds: 8 }), audio: soundOf({ durationSeconds: 9 }) }),
    );

    expect([outputs[0]?.expect?.durationSeconds, outputs[4]?.expect?.durationSeconds]).to.deep.equal([8, 9]);
    expect({ audio: outputs[0]?.expect?.audio, video: outputs[4]?.expect?.video }).to.deep.equal({
      audio: "none",
      video: "none",
    });
  });

  it("makes the sprite of the smallest rendition, and the poster fit its box", () => {
    const { runs, outputs } = planOf();
    const sprite = runs.find(({ stage }) => stage === "sprite");

    expect(optionOf(sprite, "-i")).to.equal("/scratch/rendition-3.mp4");
    expect(optionOf(sprite, "-vf")).to.match(
      /^setpts=PTS-STARTPTS,fps=1\/5:round=up,scale=160:90,.*tile=2x1$/,
    );
    expect(outputs.find(({ key }) => key.endsWith("poster.jpg"))?.expect?.video).to.deep.equal({
      codec: "mjpeg",
      width: 1280,
      height: 720,
    });
  });

  it("asks the finished rendition for the length that the source does not say", () => {
    const { steps, runs } = planOf(probeOf({ durationSeconds: undefined }), probeOf({ durationSeconds: 12 }));

    expect(steps).to.deep.include({ kind: "probe", path: "/scratch/rendition-3.mp4" });
    expect(
      optionOf(
        runs.find(({ stage }) => stage === "sprite"),
        "-vf",
      ),
    ).to.include("tile=3x1");
  });

  it("makes one small picture where the rendition does not say it either", () => {
    const { runs } = planOf(probeOf({ durationSeconds: undefined }), probeOf({ durationSeconds: undefined }));

    expect(
      optionOf(
        runs.find(({ stage }) => stage === "sprite"),
        "-vf",
      ),
    ).to.include("tile=1x1");
  });

  it("packages sound alone, without pictures", () => {
    const { outputs, runs } = planOf(probeOf({ video: undefined }));

    expect(names(outputs)).to.deep.equal(["rendition-0.mp4", "media_0.m3u8", "manifest.mpd", "master.m3u8"]);
    expect(runs).to.have.length(1);
    expect(optionOf(runs[0], "-filter_complex")).to.equal(undefined);
  });

  it("packages a picture without sound", () => {
    const { outputs, runs } = planOf(probeOf({ audio: undefined }));

    expect(names(outputs)).not.to.include("rendition-4.mp4");
    expect(optionOf(runs[0], "-c:a")).to.equal(undefined);
  });

  it("mends what ffmpeg wrote, and writes the multivariant playlist over its own", () => {
    const { steps } = drive(ladder(options, contextOf(probeOf({ video: undefined }), folder)), (step) =>
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

  it("ends with 1000 where it is given no folder", () => {
    expect(codeOf(() => drive(ladder(options, contextOf(probeOf(), { outputKeys: [] }))))).to.equal(1000);
  });
});
