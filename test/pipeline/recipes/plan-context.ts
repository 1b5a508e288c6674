import { buildFrameFilters } from "../../../pipeline/encoding/frame-filters.ts";
import type {
  FfmpegStep,
  Plan,
  PlanContext,
  PlannedOutput,
  Step,
  StepResult,
} from "../../../pipeline/encoding/plan.ts";
import type { AudioProbe, Probe, VideoProbe } from "../../../pipeline/media/probe.ts";

export const buildVideoProbe = (more: Partial<VideoProbe> = {}): VideoProbe => ({
  index: 0,
  codec: "h264",
  codedWidth: 1920,
  codedHeight: 1080,
  width: 1920,
  height: 1080,
  rotation: 0,
  frameRate: 25,
  pixelFormat: "yuv420p",
  interlaced: false,
  ...more,
});

/** Filters that every chain of the default video begins with; see test/pipeline/encoding/frame-filters.test.ts. */
export const getFrameFilters = (video: VideoProbe = buildVideoProbe()): string =>
  buildFrameFilters(video).join(",");
export const audioOf = (more: Partial<AudioProbe> = {}): AudioProbe => ({
  index: 1,
  codec: "aac",
  channels: 2,
  sampleRate: 48_000,
  ...more,
});
export const buildProbe = (more: Partial<Probe> = {}): Probe => ({
  formats: ["mov"],
  durationSeconds: 10,
  video: buildVideoProbe(),
  audio: audioOf(),
  ...more,
});

/** The filter that tags frames as BT.709. */
export const bt709Tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

/** The filter that scales untagged high definition and keeps its color. */
export const scaleHd = (width: number, height: number): string =>
  `scale=${width}:${height}:flags=bicubic:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt709:out_range=tv`;

export const buildPlanContext = (probe: Probe, more: Partial<PlanContext> = {}): PlanContext => ({
  source: { url: "http://127.0.0.1:1/source", probe },
  images: {},
  scratchDirectory: "/scratch",
  outputKeys: ["out"],
  capabilities: {
    version: "5.1",
    encoders: new Set(),
    hasOriginOfReadTracks: false,
    hasLuminanceOotf: true,
  },
  limits: { maxSourceMinutes: 60, maxVideoPixels: 8_000_000, maxImagePixels: 50_000_000 },
  threads: 3,
  ...more,
});

export interface PlanResult {
  readonly steps: readonly Step[];
  readonly runs: readonly FfmpegStep[];
  readonly outputs: readonly PlannedOutput[];
}

/** Runs a plan with an answer to each step; omitted fields of an answer are empty. */
export const runPlan = (
  plan: Plan,
  answer: (step: Step, index: number) => Partial<StepResult> = () => ({}),
): PlanResult => {
  const steps: Step[] = [];
  let turn = plan.next();
  while (turn.done !== true) {
    steps.push(turn.value);
    turn = plan.next({ log: "", text: "", ...answer(turn.value, steps.length - 1) });
  }
  return { steps, runs: steps.filter((step) => step.kind === "ffmpeg"), outputs: turn.value };
};

/** The value of an option; undefined if the option is absent. */
export const getOption = (run: FfmpegStep | undefined, option: string): string | undefined => {
  const at = run?.arguments.indexOf(option) ?? -1;
  return at < 0 ? undefined : run?.arguments[at + 1];
};

/** The code of the failure that a call throws; undefined without a failure. */
export const catchCode = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (failure) {
    return failure instanceof Error && "code" in failure ? failure.code : failure;
  }
};
