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
import { audioOf, buildPlanContext, buildProbe, buildVideoProbe } from "../../recipes/plan-context.ts";

const getPreset = (id: string): Preset => {
  const preset = findSystemPreset(`1351620000001-${id}`);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const web = getPreset("100070");
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
  const plain = buildPlanContext(buildProbe({ video: buildVideoProbe(), audio: audioOf() }), more);
  return { ...plain, capabilities: { ...plain.capabilities, encoders } };
};

interface PlanResult {
  readonly runs: readonly FfmpegStep[];
  readonly failed: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly files: readonly PlannedOutput[];
}
/** Runs a job's plan; `fail` selects the ffmpeg runs that fail, and how. */
const runPlan = (
  outputs: readonly TranscodeOutput[],
  playlists: readonly TranscodePlaylist[] = [],
  fail: (run: FfmpegStep, count: number) => JobFailure | undefined = () => undefined,
  planContext = context(),
  log = "",
  list = "",
): PlanResult => {
  const runs: FfmpegStep[] = [];
  const failed: Record<string, number> = {};
  const warnings: string[] = [];
  const plan = planTranscode({ name: "transcode", outputs, playlists }, planContext);
  const answer = (step: Step): StepResult => {
    if (step.kind === "fail-output") failed[step.outputGroup] = step.failure.code;
    if (step.kind === "warn") warnings.push(step.text);
    return {
      log,
      text: step.kind === "list" ? list : "",
      ...(step.kind === "probe" ? { probe: buildProbe() } : {}),
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
const keysOf = ({ files }: PlanResult): readonly string[] => files.map(({ key }) => key);
const countOutputs = ({ arguments: args }: FfmpegStep): number =>
  new Set(args.flatMap((arg) => /\/scratch\/output-(\d+)\./.exec(arg)?.[1] ?? [])).size;
const catchCode = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (failure) {
    return failure instanceof JobFailure ? failure.code : failure;
  }
};
const broken = new JobFailure(4002, "ffmpeg could not work it");

describe("ffmpeg processes of a job", () => {
  it("produce at most eight outputs each from one decode", () => {
    const outputs = Array.from({ length: 30 }, (_, index) => output(`${index}.mp4`));
    const driven = runPlan(outputs);

    expect(driven.runs.map(countOutputs)).to.deep.equal([8, 8, 8, 6]);
    expect(keysOf(driven)).to.have.length(30);
    const graph = driven.runs[0]?.arguments ?? [];
    expect(graph[graph.indexOf("-filter_complex") + 1]).to.match(
      /^\[0:0\]yadif=deint=interlaced,scale=[^;]*,pad=[^;]*,split=8\[s0\]/,
    );
    // Every output has its own limit.
    expect(graph.filter((arg) => arg === "-t")).to.have.length(8);
    expect(driven.runs.every(({ hasDurationLimit }) => hasDurationLimit)).to.equal(true);
  });

  it("run clips, VP9 and GIF separately", () => {
    const { runs } = runPlan([
      output("a.mp4"),
      output("b.mp4", { clip: { startSeconds: 2, durationSeconds: 3 } }),
      output("c.webm", { preset: getPreset("100260") }),
      output("d.mp4", { clip: { startSeconds: 2, durationSeconds: 3 } }),
      output("e.gif", { preset: getPreset("100200") }),
      output("f.mp4"),
    ]);

    expect(runs.map((run) => [countOutputs(run), run.phase, run.arguments.includes("-ss")])).to.deep.equal([
      [2, "transcoding", false],
      [2, "transcoding", true],
      [0, "analyzing", false],
      [1, "transcoding", false],
      [0, "analyzing", false],
      [1, "transcoding", false],
    ]);
    expect(runs[1]?.arguments.filter((_, at, args) => args[at - 1] === "-t")).to.deep.equal(["3", "3"]);
  });

  it("rerun outputs separately after a failed group, so that only one fails", () => {
    const outputs = ["a.mp4", "b.mp4", "c.mp4"].map((key) => output(key));
    const driven = runPlan(outputs, [], (run, count) =>
      count === 1 || run.arguments.includes("/scratch/output-1.mp4") ? broken : undefined,
    );

    expect(driven.runs.map(countOutputs)).to.deep.equal([3, 1, 1, 1]);
    expect(driven.failed).to.deep.equal({ "b.mp4": 4002 });
    expect(keysOf(driven)).to.deep.equal(["a.mp4", "c.mp4"]);
  });

  it("end the attempt on transient and source failures", () => {
    const outputs = [output("a.mp4"), output("b.mp4")];
    const transient = new JobFailure(9000, "killed", { retryable: true });

    expect(catchCode(() => runPlan(outputs, [], () => transient))).to.equal(9000);
    expect(catchCode(() => runPlan(outputs, [], () => new JobFailure(4005, "took too long")))).to.equal(4005);
    expect(catchCode(() => runPlan(outputs, [], () => broken))).to.equal(4002);
    const aborted = new Error("aborted");
    const plan = planTranscode({ name: "transcode", outputs }, context());
    plan.next();
    expect(() => plan.throw(aborted)).to.throw(aborted);
  });

  it("are not started for invalid outputs, whose playlists fail too", () => {
    const hls = output("hls", { preset: getPreset("200060"), segmentSeconds: 5 });
    const driven = runPlan(
      [output("a.mp4"), { ...hls, watermarks: [] }, output("late.mp4", { clip: { startSeconds: 10 } })],
      [{ name: "list", format: "HLSv3", outputKeys: ["hls", "late.mp4"] }],
    );

    expect(driven.failed).to.deep.equal({ "late.mp4": 4014, hls: 4002, "playlist list": 1001 });
    expect(keysOf(driven)).to.deep.equal(["a.mp4"]);
  });

  it("report a clip after the end if only ffmpeg detects it", () => {
    const planContext = context({
      source: { url: "http://127.0.0.1:1/source", probe: buildProbe({ durationSeconds: undefined }) },
    });
    const log = "[warning] Output file is empty, nothing was encoded";
    const late = output("late.mp4", { clip: { startSeconds: 600 } });

    expect(catchCode(() => runPlan([late], [], undefined, planContext, log))).to.equal(4014);
  });

  it("warn about a clip longer than the source", () => {
    const longClip = { clip: { startSeconds: 8, durationSeconds: 60 } };

    expect(runPlan([output("a.mp4", longClip), output("b.mp4", longClip)]).warnings).to.deep.equal([
      "The source ends before the clip's 60 s",
    ]);
    expect(
      runPlan([output("a.mp4", { clip: { startSeconds: 8, durationSeconds: 2 } })]).warnings,
    ).to.deep.equal([]);
  });

  it("reject an output whose file another output writes", () => {
    const list = ["thumbnail-0-00001.png", "thumbnail-1-00001.png", "thumbnail-1-00002.png"].join("\n");
    const withThumbnails = { thumbnailPattern: "t-{count}" };
    const driven = runPlan(
      [output("a.mp4", withThumbnails), output("b.mp4", withThumbnails)],
      [],
      undefined,
      context(),
      "",
      list,
    );

    expect(driven.failed).to.deep.equal({ "b.mp4": 3002 });
    expect(keysOf(driven)).to.deep.equal(["a.mp4", "t-00001.png"]);
  });

  it("read each watermark once, in the order of the job", () => {
    const logo = { url: "http://127.0.0.1:1/logo", probe: buildProbe({ audio: undefined }) };
    const images = {
      [buildWatermarkRole("logo.png")]: logo,
      [buildWatermarkRole("b.png")]: { ...logo, url: "http://127.0.0.1:1/b" },
    };
    const marks = [
      { slot: "TopLeft", key: "logo.png" },
      { slot: "BottomRight", key: "b.png" },
    ];
    const { runs } = runPlan(
      [
        output("a.mp4", { watermarks: marks }),
        output("b.mp4", { watermarks: marks.slice(0, 1) }),
        output("c.mp4"),
      ],
      [],
      undefined,
      context({ images }),
    );
    const args = runs[0]?.arguments ?? [];
    const graph = args[args.indexOf("-filter_complex") + 1] ?? "";

    expect(args.filter((arg) => arg === "-i")).to.have.length(3);
    expect(graph.match(/overlay=/g)).to.have.length(3);
    expect(graph).to.match(/\[w0_0\]\[w0_m0\]overlay=128:72:format=yuv420\[w0_1\]/);
    expect(
      catchCode(() => runPlan([output("a.mp4", { watermarks: [{ slot: "Middle", key: "logo.png" }] })])),
    ).to.equal(1000);
    expect(catchCode(() => runPlan([output("a.mp4", { watermarks: marks })]))).to.equal(4003);
  });
});
