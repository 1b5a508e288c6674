import * as z from "zod";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/** Schema of an error or warning (Terraform, "Machine-Readable UI", type `diagnostic`). */
export const diagnosticSchema = z.looseObject({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(""),
  address: z.string().optional(),
  snippet: z.looseObject({ code: z.string() }).optional(),
});
/** An error or warning of Terraform. */
export type Diagnostic = z.output<typeof diagnosticSchema>;

/** Progress of one resource. */
export interface ResourceProgress {
  /** E.g. `aws_s3_bucket.input_bucket_1A2B3C4D`. */
  readonly address: string;
  /** Terraform's action: create, update, delete, read, refresh etc. */
  readonly action: string;
  readonly step: "started" | "in progress" | "done" | "failed";
  /** Seconds since the start; 0 if unknown. */
  readonly elapsedSeconds: number;
}

/** Numbers of changed resources in a plan, as counted by Terraform. */
export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly import: number;
}

const steps = {
  apply_start: "started",
  apply_progress: "in progress",
  apply_complete: "done",
  apply_errored: "failed",
  refresh_start: "started",
  refresh_complete: "done",
} as const;

const hookSchema = z.looseObject({
  type: z.enum([
    "apply_start",
    "apply_progress",
    "apply_complete",
    "apply_errored",
    "refresh_start",
    "refresh_complete",
  ]),
  hook: z.looseObject({
    resource: z.looseObject({ addr: z.string() }),
    action: z.string().default("refresh"),
    elapsed_seconds: z.number().default(0),
  }),
});
const diagnosticLineSchema = z.looseObject({ type: z.literal("diagnostic"), diagnostic: diagnosticSchema });
const count = z.number().default(0);
const changeSummarySchema = z.looseObject({
  type: z.literal("change_summary"),
  changes: z.looseObject({
    add: count,
    change: count,
    remove: count,
    import: count,
    operation: z.string(),
  }),
});

/** The used kinds of lines in Terraform's `-json` output. */
export type Message =
  | { readonly kind: "progress"; readonly progress: ResourceProgress }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "counts"; readonly counts: ChangeCounts };

/** Parses one line of Terraform's `-json` output; undefined for other kinds. */
export const parseMessage = (line: string): Message | undefined => {
  const value = parseJson(line);
  const hook = hookSchema.safeParse(value);
  if (hook.success) {
    const { resource, action, elapsed_seconds: elapsedSeconds } = hook.data.hook;
    return {
      kind: "progress",
      progress: { address: resource.addr, action, step: steps[hook.data.type], elapsedSeconds },
    };
  }
  const diagnostic = diagnosticLineSchema.safeParse(value);
  if (diagnostic.success) return { kind: "diagnostic", diagnostic: diagnostic.data.diagnostic };
  const summary = changeSummarySchema.safeParse(value);
  if (!summary.success) return undefined;
  const { add, change, remove, import: imported } = summary.data.changes;
  return { kind: "counts", counts: { add, change, remove, import: imported } };
};
