import * as z from "zod";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/** What Terraform says is wrong (Terraform, "Machine-Readable UI", type `diagnostic`). */
export const diagnosticSchema = z.looseObject({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(""),
  address: z.string().optional(),
  snippet: z.looseObject({ code: z.string() }).optional(),
});
export type Diagnostic = z.output<typeof diagnosticSchema>;

/** How far one resource is. */
export interface ResourceProgress {
  /** Address of the resource: `aws_s3_bucket.input_bucket_1A2B3C4D`. */
  readonly address: string;
  /** Terraform's word: create, update, delete, read, refresh … */
  readonly action: string;
  readonly step: "started" | "in progress" | "done" | "failed";
  /** Seconds since it started; 0 where Terraform does not say. */
  readonly elapsedSeconds: number;
}

/** How many resources a plan changes, as Terraform counts them. */
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

/** One line of Terraform's `-json` output, as far as it matters to us. */
export type Message =
  | { readonly kind: "progress"; readonly progress: ResourceProgress }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "counts"; readonly counts: ChangeCounts };

/** Reads one line of Terraform's `-json` output; undefined for what is only talk. */
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
