import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";

/** Marks of a value that are shaped as the value is, `true` where the mark stands. */
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
  format_version: z.string().regex(/^1\./, "is of a format this program does not know"),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  prior_state: z
    .object({ values: z.object({ outputs: z.record(z.string(), z.unknown()).default({}) }).optional() })
    .optional(),
});

/** How a value is before and after, as Terraform plans it. */
export type PlannedChange = z.infer<typeof change>;
/** What a plan does to one resource. */
export type ResourceChange = z.infer<typeof resourceChange>;
/**
 * What Reelway reads of a plan: the document that `terraform show -json` prints of it (Terraform, "JSON Output
 * Format", format 1).
 */
export type PlanDocument = z.infer<typeof schema>;

/** A document that is no whole plan. */
export class InvalidPlanError extends UserError {
  constructor(reason: string) {
    super(`This is no plan as \`terraform show -json\` prints it: ${reason}.`);
  }
}

/**
 * Reads a plan's document.
 *
 * @param isTargeted whether it may be of some resources alone, as those are that name targets
 * @throws InvalidPlanError where it is another document, or the plan ended in an error
 */
export const parsePlan = (document: unknown, isTargeted = false): PlanDocument => {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidPlanError(`${issue?.path.join(".") || "the document"}: ${issue?.message ?? "unknown"}`);
  }
  if (parsed.data.errored === true) throw new InvalidPlanError("Terraform stopped before it was whole");
  if (parsed.data.complete === false && !isTargeted)
    throw new InvalidPlanError("Terraform put a part of it off to a later plan");
  return parsed.data;
};
