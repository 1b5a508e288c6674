import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

const marks = z.unknown().optional();
const change = z.object({
  actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])).min(1),
  before: marks,
  after: marks,
  after_unknown: marks,
  before_sensitive: marks,
  after_sensitive: marks,
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.looseObject({ id: z.string().optional() }).nullish(),
});
const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().optional(),
  type: z.string(),
  name: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change,
});
const resourceValues = z.object({
  address: z.string(),
  values: z.record(z.string(), z.unknown()).default({}),
  sensitive_values: marks,
});
const valuesModule = z.object({
  resources: z.array(resourceValues).default([]),
  get child_modules() {
    return z.array(valuesModule).default([]);
  },
});
const configuredResource = z.object({
  address: z.string(),
  expressions: z.record(z.string(), z.unknown()).default({}),
});
const configuredModule = z.object({
  resources: z.array(configuredResource).default([]),
  get module_calls() {
    return z.record(z.string(), z.object({ module: configuredModule.optional() })).default({});
  },
});
const planDocument = z.object({
  format_version: z.string().regex(/^1\./),
  terraform_version: z
    .string()
    .regex(/^[\w.+-]+$/)
    .optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  deferred_changes: z.array(z.unknown()).default([]),
  prior_state: z.object({ values: z.object({ root_module: valuesModule.optional() }).optional() }).optional(),
  configuration: z.object({ root_module: configuredModule.optional() }).optional(),
  complete: z.boolean().default(true),
  errored: z.boolean().default(false),
});

/** The parts of a plan (`terraform show -json`) that a review uses. */
export type PlanDocument = z.infer<typeof planDocument>;
/** A change or drift of one resource. */
export type ResourceChange = z.infer<typeof resourceChange>;
/** The change of one resource or output. */
export type Change = z.infer<typeof change>;
export type ValuesModule = z.infer<typeof valuesModule>;
export type ConfiguredModule = z.infer<typeof configuredModule>;

/** The document is not a plan that can be reviewed. */
export class PlanFormatError extends UserError {
  /** @param name of the plan */
  constructor(name: string, reason: string) {
    super(
      `${name} is not a Terraform plan in JSON: ${reason}. Create one with: terraform plan -out=plan.tfplan, then terraform show -json plan.tfplan > plan.json`,
    );
  }
}

const objectSchema = z.looseObject({});

/** Describes a document that is not a plan. */
const describeDocument = (document: unknown): string => {
  const object = objectSchema.safeParse(document);
  if (!object.success) return "it is not a JSON object";
  if ("lineage" in object.data || "serial" in object.data) return "it is a state file";
  if ("@level" in object.data) return "it is a line of the progress output of terraform plan -json";
  if ("values" in object.data && !("planned_values" in object.data)) return "it shows a state, not a plan";
  if ("resource" in object.data && "terraform" in object.data) return "it is a configuration";
  return "it has no format_version and planned_values";
};

/**
 * Parses a plan (https://developer.hashicorp.com/terraform/internals/json-format, format 1.x).
 *
 * @param name of the plan, for the message
 * @throws PlanFormatError
 */
export const parsePlan = (document: unknown, name: string): PlanDocument => {
  const object = objectSchema.safeParse(document);
  // A plan without changes lacks resource_changes but has planned_values; a state lacks both.
  if (!object.success || !("format_version" in object.data) || !("planned_values" in object.data))
    throw new PlanFormatError(name, describeDocument(document));
  const parsed = planDocument.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new PlanFormatError(
    name,
    path === "format_version"
      ? `its format ${JSON.stringify(object.data.format_version)} is not 1.x`
      : `${path} does not match the format (${issue?.message ?? "unknown"})`,
  );
};
