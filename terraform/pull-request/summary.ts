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
  /** `waits`: nothing of it was reviewed. `unchanged`: nothing is to be done. */
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
  /** What the hash was made of, to say what differs from it. */
  changes: z.array(normalisedChangeSchema).optional(),
});
const schema = z.object({
  version: z.literal(1),
  stage: z.string().regex(/^[a-z][a-z0-9]*$/),
  /** The commit that was planned; absent where it is not known. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  /** Id of the GitHub Actions run whose artifact holds the whole of it. */
  run: z.string().regex(/^\d+$/).optional(),
  stacks: z.array(stackSchema),
});

/** What was planned of a stage, for people and for `reelway apply`; nothing in it is secret. */
export type PlanSummary = z.infer<typeof schema>;
/** What was planned of one stack. */
export type StackSummary = z.infer<typeof stackSchema>;

/** A text that is no summary, or one that contradicts itself. */
export class InvalidSummaryError extends UserError {
  constructor(reason: string) {
    super(`This is no summary of a plan: ${reason}. Make one: npx reelway plan --stage STAGE --out DIR`);
  }
}

/**
 * Reads a summary, whole or with its hashes alone.
 *
 * @throws InvalidSummaryError also where changes are not those that their hash was made of
 */
export const parseSummary = (text: string): PlanSummary => {
  const document = parseJson(text);
  if (document === undefined) throw new InvalidSummaryError("it is not JSON");
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
      throw new InvalidSummaryError(`the changes of ${name} are not those of its hash`);
  }
  return parsed.data;
};

/** The summary of one stack. */
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

/** A summary's hashes, without what they were made of. */
export const pickHashes = (summary: PlanSummary): PlanSummary => ({
  ...summary,
  stacks: summary.stacks.map(({ name, status, hash }) => ({
    name,
    status,
    ...(hash !== undefined && { hash: hash }),
  })),
});
