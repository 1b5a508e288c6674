import { expect } from "chai";
import type { Preset } from "../../../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { planTranscode } from "../../../../pipeline/elastic-transcoder/transcode/transcode.ts";
import type {
  TranscodeOutput,
  TranscodePlaylist,
} from "../../../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import { buildWatermarkRole } from "../../../../pipeline/elastic-transcoder/transcode/watermarks.ts";
import type {
  FfmpegStep,
  PlanContext,
  PlannedOutput,
  Step,
  StepResult,
} from "../../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../../pipeline/errors/job-error.ts";
import { contextOf, probeOf, soundOf, videoOf } from "../../recipes/plan-context.ts";

const named = (id: string): Preset => {
  const preset = findSystemPreset(`1351620000001-${id}`);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const web = named("100070");
const output = (key: string, more: Partial<TranscodeOutput> = {}): TranscodeOutput => ({
  key,
  preset: web,
  rotate: "auto",
  ...more,
});
const encoders = new Set(
  "libx264 libvpx libvpx-vp9 gif aac libmp3lame libvorbis mpeg2video pcm_s16le".split(" "),
);
const context = (more: Partial<PlanContext> = {}): PlanContext => {
  const plain = contextOf(probeOf({ video: videoOf(), audio: soundOf() }), more);
  return { ...plain, capabilities: { ...plain.capabilities, encoders } };
};

interface Driven {
  readonly runs: readonly FfmpegStep[];
  readonly failed: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly files: readonly PlannedOutput[];
}
/** Drives a job's plan; `fail` says which runs of ffmpeg fail, and how. */
const drive = (
  outputs: readonly TranscodeOutput[],
  playlists: readonly TranscodePlaylist[] = [],
  fail: (run: FfmpegStep, count: number) => JobFailure | undefined = () => undefined,
  given = context(),
  log = "",
  list = "",
): Driven => {
  const runs: FfmpegStep[] = [];
  const failed: Record<string, number> = {};
  const warnings: string[] = [];
  const plan = planTranscode({ name: "transcode", outputs, playlists }, given);
  const answer = (step: Step): StepResult => {
    if (step.kind === "fail-output") failed[step.outputGroup] = step.failure.code;
    if (step.kind === "warn") warnings.push(step.text);
    return {
      log,
      text: step.kind === "list" ? list : "",
      ...(step.kind === "probe" ? { probe: probeOf() } : {}),
    };
  };
  let turn = plan.next();
  while (turn.done !== true) {
    const step = turn.value;
    if (step.kind === "ffmpeg") runs.push(step);
    const failure = step.kind === "ffmpeg" ? fail(step, runs.length) : undefined;
    turn = failure === undefined ? plan.next(answer(step)) : plan.throw(failure);
  }
  return { runs, failed, warnings, files: turn.value };
};
const made = ({ files }: Driven): readonly string[] => files.map(({ key }) => key);
const outputsOf = ({ arguments: words }: FfmpegStep): number =>
  new Set(words.flatMap((word) => /\/scratch\/output-(\d+)\./.exec(word)?.[1] ?? [])).size;
const codeOf = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (failure) {
    return failure instanceof JobFailure ? failure.code : failure;
  }
};
const broken = new JobFailure(4002, "ffmpeg could not work it");

describe("the processes of a job", () => {
  it("make at most eight outputs each, of one decode", () => {
    const outputs = Array.from({ length: 30 }, (_, index) => output(`${index}.mp4`));
    const driven = drive(outputs);

    expect(driven.runs.map(outputsOf)).to.deep.equal([8, 8, 8, 6]);
    expect(made(driven)).to.have.length(30);
    const graph = driven.runs[0]?.arguments ?? [];
    expect(graph[graph.indexOf("-filter_complex") + 1]).to.match(/^\[0:0\]split=8\[s0\]/);
    // Every output is bounded by itself, whatever the source does.
    expect(graph.filter((word) => word === "-t")).to.have.length(8);
    expect(driven.runs.every(({ hasDurationLimit }) => hasDurationLimit)).to.equal(true);
  });

  it("keep clips, VP9 and GIF to themselves", () => {
    const { runs } = drive([
      output("a.mp4"),
      output("b.mp4", { clip: { startSeconds: 2, durationSeconds: 3 } }),
      output("c.webm", { preset: named("100260") }),
      output("d.mp4", { clip: { startSeconds: 2, durationSeconds: 3 } }),
      output("e.gif", { preset: named("100200") }),
      output("f.mp4"),
    ]);

    expect(runs.map((run) => [outputsOf(run), run.phase, run.arguments.includes("-ss")])).to.deep.equal([
      [2, "transcoding", false],
      [2, "transcoding", true],
      [0, "analyzing", false],
      [1, "transcoding", false],
      [0, "analyzing", false],
      [1, "transcoding", false],
    ]);
    expect(runs[1]?.arguments.filter((_, at, words) => words[at - 1] === "-t")).to.deep.equal(["3", "3"]);
  });

  it("run each output alone where the process of a group fails, so that one fails by itself", () => {
    const outputs = ["a.mp4", "b.mp4", "c.mp4"].map((key) => output(key));
    const driven = drive(outputs, [], (run, count) =>
      count === 1 || run.arguments.includes("/scratch/output-1.mp4") ? broken : undefined,
    );

    expect(driven.runs.map(outputsOf)).to.deep.equal([3, 1, 1, 1]);
    expect(driven.failed).to.deep.equal({ "b.mp4": 4002 });
    expect(made(driven)).to.deep.equal(["a.mp4", "c.mp4"]);
  });

  it("end the attempt by what may pass, and by what is wrong with the source whatever is made of it", () => {
    const outputs = [output("a.mp4"), output("b.mp4")];
    const passing = new JobFailure(9000, "killed", { retryable: true });

    expect(codeOf(() => drive(outputs, [], () => passing))).to.equal(9000);
    expect(codeOf(() => drive(outputs, [], () => new JobFailure(4005, "took too long")))).to.equal(4005);
    expect(codeOf(() => drive(outputs, [], () => broken))).to.equal(4002);
    const aborted = new Error("aborted");
    const plan = planTranscode({ name: "transcode", outputs }, context());
    plan.next();
    expect(() => plan.throw(aborted)).to.throw(aborted);
  });

  it("do not begin for outputs that cannot be, and playlists of them fail with them", () => {
    const hls = output("hls", { preset: named("200060"), segmentSeconds: 5 });
    const driven = drive(
      [output("a.mp4"), { ...hls, watermarks: [] }, output("late.mp4", { clip: { startSeconds: 10 } })],
      [{ name: "list", format: "HLSv3", outputKeys: ["hls", "late.mp4"] }],
    );

    expect(driven.failed).to.deep.equal({ "late.mp4": 4014, hls: 4002, "playlist list": 1001 });
    expect(made(driven)).to.deep.equal(["a.mp4"]);
  });

  it("say that a clip is behind the end where only ffmpeg finds out", () => {
    const given = context({
      source: { url: "http://127.0.0.1:1/source", probe: probeOf({ durationSeconds: undefined }) },
    });
    const log = "[warning] Output file is empty, nothing was encoded";
    const late = output("late.mp4", { clip: { startSeconds: 600 } });

    expect(codeOf(() => drive([late], [], undefined, given, log))).to.equal(4014);
  });

  it("warn of a clip that is longer than the source", () => {
    const long = { clip: { startSeconds: 8, durationSeconds: 60 } };

    expect(drive([output("a.mp4", long), output("b.mp4", long)]).warnings).to.deep.equal([
      "The source ends before the clip's 60 s",
    ]);
    expect(
      drive([output("a.mp4", { clip: { startSeconds: 8, durationSeconds: 2 } })]).warnings,
    ).to.deep.equal([]);
  });

  it("refuse an output whose file another output of the job writes", () => {
    const list = ["thumbnail-0-00001.png", "thumbnail-1-00001.png", "thumbnail-1-00002.png"].join("\n");
    const shown = { thumbnailPattern: "t-{count}" };
    const driven = drive(
      [output("a.mp4", shown), output("b.mp4", shown)],
      [],
      undefined,
      context(),
      "",
      list,
    );

    expect(driven.failed).to.deep.equal({ "b.mp4": 3002 });
    expect(made(driven)).to.deep.equal(["a.mp4", "t-00001.png"]);
  });

  it("read each watermark once, and lay them in the order of the job", () => {
    const picture = { url: "http://127.0.0.1:1/logo", probe: probeOf({ audio: undefined }) };
    const images = {
      [buildWatermarkRole("logo.png")]: picture,
      [buildWatermarkRole("b.png")]: { ...picture, url: "http://127.0.0.1:1/b" },
    };
    const marks = [
      { slot: "TopLeft", key: "logo.png" },
      { slot: "BottomRight", key: "b.png" },
    ];
    const { runs } = drive(
      [
        output("a.mp4", { watermarks: marks }),
        output("b.mp4", { watermarks: marks.slice(0, 1) }),
        output("c.mp4"),
      ],
      [],
      undefined,
      context({ images }),
    );
    const words = runs[0]?.arguments ?? [];
    const graph = words[words.indexOf("-filter_complex") + 1] ?? "";

    expect(words.filter((word) => word === "-i")).to.have.length(3);
    expect(graph.match(/overlay=/g)).to.have.length(3);
    expect(graph).to.match(/\[w0_0\]\[w0_m0\]overlay=128:72:format=yuv420\[w0_1\]/);
    expect(
      codeOf(() => drive([output("a.mp4", { watermarks: [{ slot: "Middle", key: "logo.png" }] })])),
    ).to.equal(1000);
    expect(codeOf(() => drive([output("a.mp4", { watermarks: marks })]))).to.equal(4003);
  });
});
