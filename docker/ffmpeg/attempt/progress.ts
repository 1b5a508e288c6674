/** Percentages for the steps. Below, the source is probed; above, outputs are checked and published. */
const firstStepPercent = 2;
const lastStepPercent = 92;

/** Progress of an attempt. */
export interface ProgressState {
  /** Total share of the completed steps, 0–1. */
  readonly completedWeight: number;
  /** Share of the current step, 0–1. */
  readonly stepWeight: number;
  /** Completed fraction of the current step, 0–1. */
  readonly stepFraction: number;
  /** Highest percentage so far. */
  readonly percent: number;
  readonly phase: string;
}

export const initialProgress: ProgressState = {
  completedWeight: 0,
  stepWeight: 0,
  stepFraction: 0,
  percent: 0,
  phase: "starting",
};

/** If a plan yields more steps than expected, the percentage stays at `lastStepPercent`. */
const computePercent = ({ completedWeight, stepWeight, stepFraction }: ProgressState): number =>
  firstStepPercent +
  (lastStepPercent - firstStepPercent) *
    Math.min(1, Math.max(0, completedWeight + stepWeight * stepFraction));

const raisePercent = (state: ProgressState, percent: number): ProgressState => ({
  ...state,
  percent: Math.max(state.percent, Math.min(100, Math.floor(percent))),
});

/** Starts a step. @param stepWeight its share of all steps, 0–1 */
export const beginStep = (state: ProgressState, phase: string, stepWeight: number): ProgressState => {
  const next = {
    ...state,
    completedWeight: state.completedWeight + state.stepWeight,
    stepWeight,
    stepFraction: 0,
    phase,
  };
  return raisePercent(next, computePercent(next));
};

/** Updates the current step: it has written `seconds` of `totalSeconds`. */
export const advanceStep = (state: ProgressState, seconds: number, totalSeconds: number): ProgressState => {
  if (!(totalSeconds > 0) || !Number.isFinite(seconds)) return state;
  const next = { ...state, stepFraction: Math.max(state.stepFraction, Math.min(1, seconds / totalSeconds)) };
  return raisePercent(next, computePercent(next));
};

/** Sets a phase outside the steps, at a fixed percentage. */
export const setPhase = (state: ProgressState, phase: string, percent: number): ProgressState =>
  raisePercent({ ...state, phase }, percent);

/** Percentage while checking the outputs, after all steps. */
export const checkingPercent = lastStepPercent;

/** Percentage while publishing. 100 is set when the job is closed. */
export const computePublishingPercent = (publishedCount: number, totalCount: number): number =>
  95 + (totalCount === 0 ? 4 : (4 * publishedCount) / totalCount);
