import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Marks in the shape of a value; `true` for a marked part. */
const marks = z.unknown().optional();

const change = z.object({
  actions: z.array(z.string()).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: marks,
  before_sensitive: marks,
  after_sensitive: marks,
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.object({ id: z.string().optional() }).nullish(),
});

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().optional(),
  deposed: z.string().optional(),
  change,
});

const schema = z.object({
  format_version: z.string().regex(/^1\./, "is not a supported format version"),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  prior_state: z
    .object({ values: z.object({ outputs: z.record(z.string(), z.unknown()).default({}) }).optional() })
    .optional(),
});

/** A planned change of a value. */
export type PlannedChange = z.infer<typeof change>;
/** A planned change of a resource. */
export type ResourceChange = z.infer<typeof resourceChange>;
/**
 * The used parts of a plan as printed by `terraform show -json` (Terraform, "JSON Output
 * Format", format 1).
 */
export type PlanDocument = z.infer<typeof schema>;

/** The document is not a complete plan. */
export class InvalidPlanError extends UserError {
  constructor(reason: string) {
    super(`The document is not a valid plan of \`terraform show -json\`: ${reason}.`);
  }
}

/**
 * Parses a plan document.
 *
 * @param isTargeted whether the plan may be incomplete because of -target
 * @throws InvalidPlanError for another document, or a plan that failed or is incomplete
 */
export const parsePlan = (document: unknown, isTargeted = false): PlanDocument => {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidPlanError(`${issue?.path.join(".") || "the document"}: ${issue?.message ?? "unknown"}`);
  }
  if (parsed.data.errored === true)
    throw new InvalidPlanError("Terraform failed before the plan was complete");
  if (parsed.data.complete === false && !isTargeted)
    throw new InvalidPlanError("Terraform deferred changes to a later plan");
  return parsed.data;
};
