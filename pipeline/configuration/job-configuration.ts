import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";
import * as z from "../schema/z.ts";
import type { JobConfiguration } from "./configuration.ts";
import { ignoredSchema, limitsSchema, routeSchema } from "./route-schema.ts";

/** The presets were checked where the configuration was; here only their place is. */
const presetSchema = z.custom<Preset>(
  (value) => z.looseObject({ Id: z.string(), Container: z.string() }).safeParse(value).success,
);
/** Likewise; their schema is not needed in a bundle. */
const taskSizesSchema = z.custom<TaskSizes>(
  (value) => z.record(z.string(), z.object({ cpu: z.int() })).safeParse(value).success,
);
const jobConfigurationSchema = z.object({
  routes: z.array(routeSchema).check(z.minLength(1)),
  ignored: ignoredSchema,
  limits: limitsSchema,
  taskSizes: taskSizesSchema,
  presets: z.record(z.string(), presetSchema),
});

/** The part of a configuration that functions and worker need, as JSON for their bundles (`CONFIGURATION`). */
export const serializeJobConfiguration = ({
  routes,
  ignored,
  limits,
  taskSizes,
  presets,
}: JobConfiguration): string => JSON.stringify({ routes, ignored, limits, taskSizes, presets });

/**
 * Reads `serializeJobConfiguration`'s text. It does without the system presets' data, so it is small in a bundle.
 *
 * @throws SyntaxError or ZodError where the text is another
 */
export const parseJobConfiguration = (json: string): JobConfiguration =>
  jobConfigurationSchema.parse(JSON.parse(json));
