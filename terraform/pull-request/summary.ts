import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import {
  type ActionCounts,
  countChanges,
  hashChanges,
  normalisedChangeSchema,
} from "./normalised-changes.ts";
import type { PlannedStack } from "./plan-stack.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
const count = z.int().min(0);

const stackSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** `pending`: the stack was not reviewed. `unchanged`: no changes. */
  status: z.enum(["planned", "pending", "unchanged"]),
  hash: hash.optional(),
  counts: z
    .object({
      create: count,
      update: count,
      replace: count,
      delete: count,
      move: count,
      import: count,
      forget: count,
    } satisfies Record<keyof ActionCounts, unknown>)
    .optional(),
  pendingDependencies: z.array(z.object({ stack: z.string(), outputs: z.array(z.string()) })).optional(),
  /** The hashed changes, to show differences from them. */
  changes: z.array(normalisedChangeSchema).optional(),
});
const schema = z.object({
  version: z.literal(1),
  stage: z.string().regex(/^[a-z][a-z0-9]*$/),
  /** The planned commit; undefined if unknown. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  /** Id of the GitHub Actions run with the full review as artifact. */
  run: z.string().regex(/^\d+$/).optional(),
  stacks: z.array(stackSchema),
});

/** The plans of a stage, as input of `reelway apply`; contains no secrets. */
export type PlanSummary = z.infer<typeof schema>;
/** The plan of one stack. */
export type StackSummary = z.infer<typeof stackSchema>;

/** The text is not a valid plan summary, or is inconsistent. */
export class InvalidSummaryError extends UserError {
  constructor(reason: string) {
    super(
      `The plan summary is not valid: ${reason}. Create one with: npx reelway plan --stage STAGE --out DIR`,
    );
  }
}

/**
 * Parses a summary, with or without changes.
 *
 * @throws InvalidSummaryError also if changes do not match their hash
 */
export const parseSummary = (text: string): PlanSummary => {
  const document = parseJson(text);
  if (document === undefined) throw new InvalidSummaryError("it is not valid JSON");
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidSummaryError(
      `${issue?.path.join(".") || "the document"}: ${issue?.message ?? "unknown"}`,
    );
  }
  for (const { name, status, hash, changes } of parsed.data.stacks) {
    if ((status === "pending") !== (hash === undefined))
      throw new InvalidSummaryError(`${name} is ${status} ${hash === undefined ? "without" : "with"} a hash`);
    if (changes !== undefined && hash !== hashChanges(changes))
      throw new InvalidSummaryError(`the changes of ${name} do not match its hash`);
  }
  return parsed.data;
};

/** Summarises the plan of one stack. */
export const summariseStack = ({ stack, pendingDependencies, plan }: PlannedStack): StackSummary => {
  if (plan === undefined || pendingDependencies.length > 0)
    return {
      name: stack.stack,
      status: "pending",
      pendingDependencies: [...pendingDependencies].map((one) => ({ ...one, outputs: [...one.outputs] })),
    };
  const changes = [...plan.changes];
  return {
    name: stack.stack,
    status: changes.length === 0 ? "unchanged" : "planned",
    hash: hashChanges(changes),
    counts: countChanges(changes),
    changes,
  };
};

/** Reduces a summary to its hashes. */
export const pickHashes = (summary: PlanSummary): PlanSummary => ({
  ...summary,
  stacks: summary.stacks.map(({ name, status, hash }) => ({
    name,
    status,
    ...(hash !== undefined && { hash: hash }),
  })),
});
