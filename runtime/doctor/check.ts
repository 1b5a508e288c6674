/** The result of one check of this machine. */
export interface CheckResult {
  /** Subject, e.g. `ffmpeg`. */
  readonly name: string;
  /** `failure`: Reelway does not work so. `warning`: it works, with a loss or a risk that the message names. */
  readonly status: "ok" | "warning" | "failure";
  /** What was found, in one line. */
  readonly message: string;
  /** What to do about it, in one line; null where nothing has to be done. */
  readonly nextStep: string | null;
}

/** A good result. */
export const ok = (name: string, message: string): CheckResult => ({
  name,
  status: "ok",
  message,
  nextStep: null,
});

/** The places and settings that the checks look at. */
export interface DoctorTarget {
  /** Data folder, as typed. */
  readonly data: string;
  readonly port: number;
}
