/** The result of one check of `reelway doctor`. */
export interface CheckResult {
  /** Subject, e.g. `ffmpeg`. */
  readonly name: string;
  /** `failure`: Reelway does not work. `warning`: it works, with the loss or the risk in the message. */
  readonly status: "ok" | "warning" | "failure";
  /** The finding, in one line. */
  readonly message: string;
  /** The next step, in one line; null if no action is needed. */
  readonly nextStep: string | null;
}

/** Creates a result with status `ok`. */
export const ok = (name: string, message: string): CheckResult => ({
  name,
  status: "ok",
  message,
  nextStep: null,
});

/** Creates a result with status `warning`. */
export const warning = (name: string, message: string, nextStep: string): CheckResult => ({
  name,
  status: "warning",
  message,
  nextStep,
});

/** Creates a result with status `failure`. */
export const failure = (name: string, message: string, nextStep: string): CheckResult => ({
  name,
  status: "failure",
  message,
  nextStep,
});
