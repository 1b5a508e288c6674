import * as z from "zod";
import { ApiError } from "../elastic-transcoder/api/api-error.ts";
import { parseCreatePreset } from "../elastic-transcoder/api/requests/create-preset.ts";
import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../elastic-transcoder/presets/system-presets.ts";
import type { Route } from "../routing/route.ts";
import { channelsSchema } from "./channels-schema.ts";
import type { Configuration } from "./configuration.ts";
import { findConflicts, getPresetId } from "./conflicts.ts";
import "./field-descriptions.ts";
import { UserError } from "../errors/errors.ts";
import { hooksSchema } from "./hooks-schema.ts";
import { responsesSchema } from "./responses-schema.ts";
import { ignoredSchema, limitsSchema, routeSchema } from "./route-schema.ts";
import { sizesSchema } from "./sizes-schema.ts";
import { stageSchema } from "./stage-schema.ts";
import { webhooksSchema } from "./webhooks-schema.ts";

/** The whole configuration, with the descriptions for docs/configuration.md. */
export const configurationSchema = z.strictObject({
  // ECR rejects two consecutive hyphens. EC2 reserves names that begin with "sg-".
  project: z
    .string()
    .regex(
      /^(?!sg-|sg$)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,15}$/,
      "must be 2–16 of a–z, 0–9 and single - between them, and not begin with sg-",
    )
    .describe(
      "Prefix of every resource name: 2–16 of a–z, 0–9 and single `-`. It must not begin with `sg-`.",
    ),
  stages: z
    .record(z.string().regex(/^[a-z][a-z0-9]{0,11}$/, "must be 1–12 of a–z and 0–9"), stageSchema)
    .describe("Deployments by name: 1–12 of a–z and 0–9. See [Stages](#stages)."),
  routes: z.array(routeSchema).min(1).describe("How uploads are processed. See [Routes](#routes)."),
  ignored: ignoredSchema,
  limits: limitsSchema,
  taskSizes: sizesSchema,
  hooks: hooksSchema,
  responses: responsesSchema,
  webhooks: webhooksSchema,
  channels: channelsSchema,
  transcoderPresets: z
    .array(
      z.unknown().transform((preset, context) => {
        try {
          return parseCreatePreset(preset);
        } catch (cause) {
          if (!(cause instanceof ApiError)) throw cause;
          context.addIssue(cause.message);
          return z.NEVER;
        }
      }),
    )
    .default([])
    .meta({
      description:
        "Your own presets, as CreatePreset requests. Their ids are the output `preset_ids` of the stack `pipelines`.",
      defaultDescription: "`[]`",
    }),
});

/** Type of `reelway.config.ts`. Fields with a default are optional. */
export type ConfigurationInput = z.input<typeof configurationSchema>;

/** The configuration is not valid. The message lists every mistake with its route and field. */
export class ConfigurationError extends UserError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration (reelway.config.ts, or the file in REELWAY_CONFIG) is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** Lists whose items have names, with the word for an item in messages. */
const namedLists = { routes: "route", webhooks: "webhook", channels: "channel" } as const;
const namedItemsSchema = z.array(z.object({ name: z.string() }).catch({ name: "" })).catch([]);
const namesSchema = z.object({
  routes: namedItemsSchema,
  webhooks: namedItemsSchema,
  channels: namedItemsSchema,
});
const isNamedList = (name: PropertyKey | undefined): name is keyof typeof namedLists =>
  typeof name === "string" && Object.hasOwn(namedLists, name);

const formatIssuePath = (value: unknown, path: readonly PropertyKey[]): string => {
  const [head, index, ...field] = path;
  if (!isNamedList(head) || typeof index !== "number") return path.map(String).join(".");
  const parsed = namesSchema.safeParse(value);
  const name = parsed.success ? parsed.data[head][index]?.name : undefined;
  return `${namedLists[head]} "${name === undefined || name === "" ? `number ${index + 1}` : name}", ${field.map(String).join(".") || "itself"}`;
};

const resolvePresets = (routes: readonly Route[]): Readonly<Record<string, Preset>> =>
  Object.fromEntries(
    routes.flatMap((route) => {
      const id = getPresetId(route);
      const preset = id === undefined ? undefined : findSystemPreset(id);
      return id === undefined || preset === undefined ? [] : [[id, preset]];
    }),
  );

/**
 * Validates a configuration and resolves the presets of its routes.
 *
 * @throws ConfigurationError with all mistakes at once
 */
export const parseConfiguration = (value: unknown): Configuration => {
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${formatIssuePath(value, path)}: ${message}`,
      ),
    );
  const configuration = { ...parsed.data, presets: resolvePresets(parsed.data.routes) };
  const problems = findConflicts(configuration);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
};

/** Returns its argument unchanged and gives it a type. `parseConfiguration` validates it later. */
export const defineConfig = (configuration: ConfigurationInput): ConfigurationInput => configuration;
