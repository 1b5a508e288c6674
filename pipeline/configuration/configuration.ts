import type * as z from "zod";
import type { CreatePresetRequest } from "../elastic-transcoder/api/requests/create-preset.ts";
import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import type { Route } from "../routing/route.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";
import type { Channel } from "./channels-schema.ts";
import type { Hooks } from "./hooks-schema.ts";
import type { ResponseSettings } from "./responses-schema.ts";
import type { stageSchema } from "./stage-schema.ts";
import type { WebhookSettings } from "./webhooks-schema.ts";

/**
 * Limits on cost and on a single source (docs/limits.md). A job over a limit is closed as Error.
 */
export interface Limits {
  readonly maxJobsPerHour: number;
  readonly maxSourceMinutes: number;
  readonly maxSourceBytes: number;
  readonly maxVideoPixels: number;
  readonly maxImagePixels: number;
  /** Seconds before the second attempt. The delay before the third is four times as long. */
  readonly retryBackoffSeconds: number;
}
export interface IgnoredUploads {
  readonly prefixes: readonly string[];
  readonly extensions: readonly string[];
}
/** One deployment, with all defaults applied. The runtime on one machine is the stage `local`. */
export type Stage = z.output<typeof stageSchema>;
/** `reelway.config.ts`, validated. */
export interface Configuration {
  readonly project: string;
  readonly stages: Readonly<Record<string, Stage>>;
  readonly routes: readonly Route[];
  readonly ignored: IgnoredUploads;
  readonly limits: Limits;
  readonly taskSizes: TaskSizes;
  readonly hooks: Hooks;
  /** Access to the upload of responses, and its limits. */
  readonly responses: ResponseSettings;
  /** HTTP endpoints that receive the events of finished jobs. */
  readonly webhooks: readonly WebhookSettings[];
  /** Live channels that are watched for labels. */
  readonly channels: readonly Channel[];
  /** The team's own presets for applications that use the transcoder API, as CreatePreset requests. */
  readonly transcoderPresets: readonly CreatePresetRequest[];
  /** The resolved presets of the routes, by the id that the routes use. */
  readonly presets: Readonly<Record<string, Preset>>;
}
/** The part that the functions and the worker need. Synth writes it as JSON into their bundles. */
export type JobConfiguration = Pick<
  Configuration,
  "routes" | "ignored" | "limits" | "taskSizes" | "presets" | "responses"
>;
