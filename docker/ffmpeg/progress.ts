/** Where the steps' share of the per cent begins and ends; before it the source is looked at, after it published. */
const first = 2;
const last = 92;

/** How far an attempt is. */
export interface ProgressState {
  /** Shares of the steps that are done, added up. */
  readonly done: number;
  /** The running step's share of all steps, 0–1. */
  readonly weight: number;
  /** How much of the running step is done, 0–1. */
  readonly fraction: number;
  /** The highest per cent told so far. */
  readonly percent: number;
  readonly stage: string;
}

export const initialProgress: ProgressState = {
  done: 0,
  weight: 0,
  fraction: 0,
  percent: 0,
  stage: "starting",
};

/** A plan that yields more than it promised stays at the end of the steps' part. */
const percentOf = ({ done, weight, fraction }: ProgressState): number =>
  first + (last - first) * Math.min(1, Math.max(0, done + weight * fraction));

const raised = (state: ProgressState, percent: number): ProgressState => ({
  ...state,
  percent: Math.max(state.percent, Math.min(100, Math.floor(percent))),
});

/** A step begins; `weight` is its share of all steps, 0–1. */
export const beginStep = (state: ProgressState, stage: string, weight: number): ProgressState => {
  const next = { ...state, done: state.done + state.weight, weight, fraction: 0, stage };
  return raised(next, percentOf(next));
};

/** The running step has made `seconds` of the `total` it makes. */
export const advanceStep = (state: ProgressState, seconds: number, total: number): ProgressState => {
  if (!(total > 0) || !Number.isFinite(seconds)) return state;
  const next = { ...state, fraction: Math.max(state.fraction, Math.min(1, seconds / total)) };
  return raised(next, percentOf(next));
};

/** A stage outside of the steps, at a fixed per cent. */
export const atStage = (state: ProgressState, stage: string, percent: number): ProgressState =>
  raised({ ...state, stage }, percent);

/** Checking of the outputs: after all steps. */
export const checkingPercent = last;

/** Publishing, `written` of `all` outputs done; 100 is left to the record's end. */
export const publishingPercent = (written: number, all: number): number =>
  95 + (all === 0 ? 4 : (4 * written) / all);
