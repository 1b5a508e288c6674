/** Where the steps' share of the per cent begins and ends; before it the source is looked at, after it published. */
const firstStepPercent = 2;
const lastStepPercent = 92;

/** How far an attempt is. */
export interface ProgressState {
  /** Shares of the steps that are done, added up. */
  readonly completedWeight: number;
  /** The running step's share of all steps, 0–1. */
  readonly stepWeight: number;
  /** How much of the running step is done, 0–1. */
  readonly stepFraction: number;
  /** The highest per cent told so far. */
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

/** A plan that yields more than it promised stays at the end of the steps' part. */
const computePercent = ({ completedWeight, stepWeight, stepFraction }: ProgressState): number =>
  firstStepPercent +
  (lastStepPercent - firstStepPercent) *
    Math.min(1, Math.max(0, completedWeight + stepWeight * stepFraction));

const raisePercent = (state: ProgressState, percent: number): ProgressState => ({
  ...state,
  percent: Math.max(state.percent, Math.min(100, Math.floor(percent))),
});

/** A step begins; `weight` is its share of all steps, 0–1. */
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

/** The running step has made `seconds` of the `total` it makes. */
export const advanceStep = (state: ProgressState, seconds: number, totalSeconds: number): ProgressState => {
  if (!(totalSeconds > 0) || !Number.isFinite(seconds)) return state;
  const next = { ...state, stepFraction: Math.max(state.stepFraction, Math.min(1, seconds / totalSeconds)) };
  return raisePercent(next, computePercent(next));
};

/** A stage outside of the steps, at a fixed per cent. */
export const setPhase = (state: ProgressState, phase: string, percent: number): ProgressState =>
  raisePercent({ ...state, phase }, percent);

/** Checking of the outputs: after all steps. */
export const checkingPercent = lastStepPercent;

/** Publishing, `written` of `all` outputs done; 100 is left to the record's end. */
export const computePublishingPercent = (publishedCount: number, totalCount: number): number =>
  95 + (totalCount === 0 ? 4 : (4 * publishedCount) / totalCount);
