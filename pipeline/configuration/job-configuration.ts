import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";
import * as z from "../schema/z.ts";
import type { Configuration, JobConfiguration } from "./configuration.ts";
import { responsesSchema } from "./responses-schema.ts";
import { ignoredSchema, limitsSchema, routeSchema } from "./route-schema.ts";

/** `parseConfiguration` has validated the presets. This checks only their shape. */
const presetSchema = z.custom<Preset>(
  (value) => z.looseObject({ Id: z.string(), Container: z.string() }).safeParse(value).success,
);
/** Validated by `parseConfiguration` too, so that the bundles need no full schema. */
const taskSizesSchema = z.custom<TaskSizes>(
  (value) => z.record(z.string(), z.object({ cpu: z.int() })).safeParse(value).success,
);
const jobConfigurationSchema = z.object({
  routes: z.array(routeSchema).check(z.minLength(1)),
  ignored: ignoredSchema,
  limits: limitsSchema,
  taskSizes: taskSizesSchema,
  presets: z.record(z.string(), presetSchema),
  responses: responsesSchema,
});

const selectJobConfiguration = ({
  routes,
  ignored,
  limits,
  taskSizes,
  presets,
  responses,
}: JobConfiguration): JobConfiguration => ({ routes, ignored, limits, taskSizes, presets, responses });

/** The part of a configuration that the functions and the worker need, as JSON for their bundles (`CONFIGURATION`). */
export const serializeJobConfiguration = (configuration: JobConfiguration): string =>
  JSON.stringify(selectJobConfiguration(configuration));

/** The same with the channels, for the bundle of the function api. */
export const serializeApiConfiguration = (
  configuration: JobConfiguration & Pick<Configuration, "channels">,
): string => JSON.stringify({ ...selectJobConfiguration(configuration), channels: configuration.channels });

/**
 * Parses the JSON of `serializeJobConfiguration`. It does not import the system presets, which keeps the bundles small.
 *
 * @throws SyntaxError if the text is not valid JSON, ZodError if it does not match the schema
 */
export const parseJobConfiguration = (json: string): JobConfiguration =>
  jobConfigurationSchema.parse(JSON.parse(json));
