import * as z from "zod";
import { recipeOptionsSchema } from "../recipes/schema.ts";
import { templateProblem } from "../routing/template.ts";

const prefix = z
  .string()
  .regex(/^(|.*\/)$/s, "must be empty or end in a slash")
  .regex(/^(?!\/)/, "must not begin with a slash");
const extension = z.string().regex(/^[a-z0-9]+$/, "must be lower case, without the dot");
const template = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    const problem = templateProblem(value);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
const routeBase = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1–32 of a–z, 0–9 and -, beginning with a letter"),
  prefix: prefix.default(""),
  extensions: z.array(extension).min(1),
  trigger: z.enum(["router", "eventbridge"]).default("router"),
  outputs: z.array(template).min(1),
};
/** One route of the configuration. */
export const routeSchema = z.discriminatedUnion("engine", [
  z.strictObject({ ...routeBase, engine: z.literal("ffmpeg"), recipe: recipeOptionsSchema }),
  z.strictObject({
    ...routeBase,
    engine: z.literal("elastic-transcoder"),
    preset: z.string().regex(/^\d{13}-\w{6}$/, "must be a preset id such as 1351620000001-100070"),
  }),
]);
const positive = z.number().int().positive();

/** Assets that are no work. */
export const ignoredSchema = z
  .strictObject({ prefixes: z.array(prefix), extensions: z.array(extension) })
  .default({ prefixes: ["watermarks/"], extensions: ["srt", "vtt", "scc", "dfxp", "json"] });

/** Bounds of spending and of one source, with their defaults. */
export const limitsSchema = z
  .strictObject({
    maxJobsPerHour: positive.default(1000),
    maxSourceMinutes: z.number().positive().default(240),
    maxSourceBytes: positive.default(50 * 2 ** 30),
    maxVideoPixels: positive.default(8192 * 4320),
    maxImagePixels: positive.default(64_000_000),
    retryBackoffSeconds: z.number().min(0).max(3600).default(30),
  })
  .prefault({});
