import type * as z from "zod";
import type { CreatePresetRequest } from "../elastic-transcoder/api/requests/create-preset.ts";
import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import type { Route } from "../routing/route.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";
import type { stageSchema } from "./stage-schema.ts";

/**
 * Bounds of spending and of one source; over them a job is an Error that says so
 * (docs/architecture.md, "Invariants").
 */
export interface Limits {
  readonly maxJobsPerHour: number;
  readonly maxSourceMinutes: number;
  readonly maxSourceBytes: number;
  readonly maxVideoPixels: number;
  readonly maxImagePixels: number;
  /** Seconds before the second attempt; the third waits four times as long. */
  readonly retryBackoffSeconds: number;
}
export interface IgnoredUploads {
  readonly prefixes: readonly string[];
  readonly extensions: readonly string[];
}
/** One deployment of the whole, with all defaults filled in. The embedded runtime is the stage `local`. */
export type Stage = z.output<typeof stageSchema>;
/** `reelway.config.ts`, validated. */
export interface Configuration {
  readonly project: string;
  readonly stages: Readonly<Record<string, Stage>>;
  readonly routes: readonly Route[];
  readonly ignored: IgnoredUploads;
  readonly limits: Limits;
  readonly taskSizes: TaskSizes;
  /** Presets of the team's own, for applications that use the transcoder's API; as CreatePreset takes them. */
  readonly transcoderPresets: readonly CreatePresetRequest[];
  /** The presets that routes name, resolved, by the id they name them with. */
  readonly presets: Readonly<Record<string, Preset>>;
}
/** What the functions and the worker need of it: written as JSON into their bundles at synth. */
export type JobConfiguration = Pick<Configuration, "routes" | "ignored" | "limits" | "taskSizes" | "presets">;
