import { recipeOptionsSchema } from "../recipes/schema.ts";
import { findTemplateProblem } from "../routing/template.ts";
import * as z from "../schema/z.ts";

const prefix = z
  .string()
  .check(
    z.regex(/^(|.*\/)$/s, "must be empty or end in a slash"),
    z.regex(/^(?!\/)/, "must not begin with a slash"),
  );
const extension = z.string().check(z.regex(/^[a-z0-9]+$/, "must be lower case, without the dot"));
const template = z.string().check(z.minLength(1), (context) => {
  const problem = findTemplateProblem(context.value);
  if (problem !== undefined) context.issues.push({ code: "custom", message: problem, input: context.value });
});
const routeBase = {
  name: z
    .string()
    .check(z.regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1–32 of a–z, 0–9 and -, beginning with a letter")),
  prefix: z._default(prefix, ""),
  extensions: z.array(extension).check(z.minLength(1)),
  trigger: z._default(z.enum(["lambda", "eventbridge"]), "lambda"),
  outputs: z.array(template).check(z.minLength(1)),
};
/** One route of the configuration. */
export const routeSchema = z.discriminatedUnion("engine", [
  z.strictObject({ ...routeBase, engine: z.literal("ffmpeg"), recipe: recipeOptionsSchema }),
  z.strictObject({
    ...routeBase,
    engine: z.literal("elastic-transcoder"),
    preset: z.string().check(z.regex(/^\d{13}-\w{6}$/, "must be a preset id such as 1351620000001-100070")),
  }),
]);
const positiveInteger = z.int().check(z.positive());

/** Uploads that never become a job. */
export const ignoredSchema = z._default(
  z.strictObject({ prefixes: z.array(prefix), extensions: z.array(extension) }),
  { prefixes: ["watermarks/"], extensions: ["srt", "vtt", "scc", "dfxp", "json"] },
);

/** Limits on cost and on a single source, with their defaults. */
export const limitsSchema = z.prefault(
  z.strictObject({
    maxJobsPerHour: z._default(positiveInteger, 1000),
    maxSourceMinutes: z._default(z.number().check(z.positive()), 240),
    maxSourceBytes: z._default(positiveInteger, 50 * 2 ** 30),
    maxVideoPixels: z._default(positiveInteger, 8192 * 4320),
    maxImagePixels: z._default(positiveInteger, 64_000_000),
    retryBackoffSeconds: z._default(z.number().check(z.minimum(0), z.maximum(3600)), 30),
  }),
  {},
);

/** The limits as JSON for the watcher of a channel (`LIMITS`). */
export const serializeLimits = (limits: z.output<typeof limitsSchema>): string => JSON.stringify(limits);

/**
 * Parses the JSON of `serializeLimits`.
 *
 * @throws SyntaxError if the text is not valid JSON, ZodError if it does not match the schema
 */
export const parseLimits = (json: string): z.output<typeof limitsSchema> =>
  limitsSchema.parse(JSON.parse(json));
