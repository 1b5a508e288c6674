import type { JobStatus } from "../attempts/job-status.ts";
import type { JobOutput } from "../attempts/report.ts";
import type { JobError } from "../errors/job-error.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import type { Engine } from "../routing/route.ts";
import * as z from "../schema/z.ts";
import { isJobId } from "./job-id.ts";

/** The message that the topic of finished jobs publishes. Fields without a value are absent. */
export interface FinishedJob {
  /** The same for every attempt of the job. */
  readonly id: string;
  /** Id and attempt identify the message: an operator's retry of the job is followed by another one. */
  readonly attempt: number;
  readonly status: Exclude<JobStatus, "Submitted" | "Progressing">;
  /** Null if no route matches the upload. Such a job has the status Error. */
  readonly route: string | null;
  readonly engine: Engine | null;
  readonly recipe: RecipeName | null;
  /** The uploaded object. */
  readonly source: { readonly bucket: string; readonly key: string; readonly versionId?: string };
  /** Bucket of the outputs. */
  readonly outputBucket?: string;
  /** The published objects; empty unless the status is Complete. */
  readonly outputs: readonly JobOutput[];
  /** Null unless the status is Error. */
  readonly error: JobError | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

const finalStatuses = ["Complete", "Canceled", "Error"] as const;

/** Selects the messages of finished jobs from those of the topic, which also has the events of appearances. */
export const finishedJobFilter = { status: finalStatuses } as const;

const finishedJobSchema = z.looseObject({
  id: z.string().check(z.refine(isJobId)),
  attempt: z.int().check(z.positive()),
  status: z.enum(finalStatuses),
  source: z.looseObject({ bucket: z.string(), key: z.string() }),
  outputs: z.array(z.looseObject({ key: z.string() })),
});

/** Parses the message of a finished job; undefined if it is not one. */
export const parseFinishedJob = (message: unknown): FinishedJob | undefined =>
  z.custom<FinishedJob>((value) => finishedJobSchema.safeParse(value).success).safeParse(message).data;
