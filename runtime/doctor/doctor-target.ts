import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";

/** The data folder, the port and the channels to check. */
export interface DoctorTarget {
  /** Data folder, absolute or relative to the working directory. */
  readonly data: string;
  /** Absent: the port of the runtime that runs on the data folder, else the default. */
  readonly port?: number;
  /** Channels of this machine. @default none */
  readonly channels?: readonly ChannelSettings[];
}
