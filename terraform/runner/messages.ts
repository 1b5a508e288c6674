import * as z from "zod";

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
export interface Progress {
  /** Address of the resource: `aws_s3_bucket.input_bucket_1A2B3C4D`. */
  readonly resource: string;
  /** Terraform's word: create, update, delete, read, refresh … */
  readonly action: string;
  readonly step: "started" | "going on" | "done" | "failed";
  /** Seconds since it started; 0 where Terraform does not say. */
  readonly elapsed: number;
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
  apply_progress: "going on",
  apply_complete: "done",
  apply_errored: "failed",
  refresh_start: "started",
  refresh_complete: "done",
} as const;

const hookLine = z.looseObject({
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
const diagnosticLine = z.looseObject({ type: z.literal("diagnostic"), diagnostic: diagnosticSchema });
const count = z.number().default(0);
const summaryLine = z.looseObject({
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
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "counts"; readonly counts: ChangeCounts };

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Reads one line of Terraform's `-json` output; undefined for what is only talk. */
export const readMessage = (line: string): Message | undefined => {
  const value = parsed(line);
  const hook = hookLine.safeParse(value);
  if (hook.success) {
    const { resource, action, elapsed_seconds: elapsed } = hook.data.hook;
    return {
      kind: "progress",
      progress: { resource: resource.addr, action, step: steps[hook.data.type], elapsed },
    };
  }
  const diagnostic = diagnosticLine.safeParse(value);
  if (diagnostic.success) return { kind: "diagnostic", diagnostic: diagnostic.data.diagnostic };
  const summary = summaryLine.safeParse(value);
  if (!summary.success) return undefined;
  const { add, change, remove, import: imported } = summary.data.changes;
  return { kind: "counts", counts: { add, change, remove, import: imported } };
};
