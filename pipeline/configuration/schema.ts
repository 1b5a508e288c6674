import * as z from "zod";
import { recipeOptionsSchema } from "../recipes/schema.ts";
import { templateProblem } from "../routing/template.ts";
import type { Configuration } from "./configuration.ts";
import { contradictions } from "./contradictions.ts";

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
const route = z.discriminatedUnion("engine", [
  z.strictObject({ ...routeBase, engine: z.literal("ffmpeg"), recipe: recipeOptionsSchema }),
  z.strictObject({
    ...routeBase,
    engine: z.literal("elastic-transcoder"),
    preset: z.string().regex(/^\d{13}-\w{6}$/, "must be a preset id such as 1351620000001-100070"),
  }),
]);
const bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket name");
const positive = z.number().int().positive();

const schema = z.strictObject({
  project: z.string().regex(/^[a-z][a-z0-9-]{1,15}$/, "must be 2–16 of a–z, 0–9 and -"),
  stages: z.record(
    z.string().regex(/^[a-z][a-z0-9]{0,11}$/, "must be 1–12 of a–z and 0–9"),
    z.strictObject({ inputBucket: bucket, outputBucket: bucket, region: z.string().min(1) }),
  ),
  routes: z.array(route).min(1),
  ignored: z
    .strictObject({ prefixes: z.array(prefix), extensions: z.array(extension) })
    .default({ prefixes: ["watermarks/"], extensions: ["srt", "vtt", "scc", "dfxp", "json"] }),
  limits: z
    .strictObject({
      maxJobsPerHour: positive.default(1000),
      maxSourceMinutes: z.number().positive().default(240),
      maxSourceBytes: positive.default(50 * 2 ** 30),
      maxVideoPixels: positive.default(8192 * 4320),
      maxImagePixels: positive.default(64_000_000),
      retryBackoffSeconds: z.number().min(0).max(3600).default(30),
    })
    .prefault({}),
});

/** What `reelway.config.ts` may hold; everything with a default may be left out. */
export type ConfigurationInput = z.input<typeof schema>;

/** The configuration cannot be used; the message lists every mistake, each naming its route and field. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `reelway.config.ts has ${problems.length} mistake(s):\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

const named = z.object({ routes: z.array(z.object({ name: z.string() }).catch({ name: "" })) });

const place = (value: unknown, path: readonly PropertyKey[]): string => {
  const [head, index, ...field] = path;
  if (head !== "routes" || typeof index !== "number") return path.map(String).join(".");
  const parsed = named.safeParse(value);
  const name = parsed.success ? parsed.data.routes[index]?.name : undefined;
  return `route "${name === undefined || name === "" ? `number ${index + 1}` : name}", ${field.map(String).join(".") || "itself"}`;
};

/**
 * Validates a configuration, whole.
 *
 * @throws ConfigurationError with all mistakes at once
 */
export const parseConfiguration = (value: unknown): Configuration => {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map((issue) => `${place(value, issue.path)}: ${issue.message}`),
    );
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return parsed.data;
};

/** Types a configuration in `reelway.config.ts`; it is validated where it is used. */
export const defineConfiguration = (configuration: ConfigurationInput): ConfigurationInput => configuration;
