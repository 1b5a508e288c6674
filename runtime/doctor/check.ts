import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";

/** The result of one check of this machine. */
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

/** The data folder, the port and the channels to check. */
export interface DoctorTarget {
  /** Data folder, absolute or relative to the working directory. */
  readonly data: string;
  /** Absent: the port of the runtime that runs on the data folder, else the default. */
  readonly port?: number;
  /** Channels of this machine. @default none */
  readonly channels?: readonly ChannelSettings[];
}
