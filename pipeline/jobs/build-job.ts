import { defaultMaxAttempts } from "../attempts/retry-policy.ts";
import type { JobSource } from "../attempts/source.ts";
import type { JobConfiguration } from "../configuration/configuration.ts";
import type { Preset } from "../elastic-transcoder/presets/preset.ts";
import { type JobError, JobFailure } from "../errors/job-error.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { planOutputKeys } from "../routing/plan-outputs.ts";
import { getRecipeName, type Route } from "../routing/route.ts";
import { getOwnerId, reservedMetadataPrefix } from "../uploads/user-metadata.ts";
import type { Job, Specification } from "./job.ts";
import { computeJobId } from "./job-id.ts";
import { checkSourceSize } from "./source-size.ts";

/** The inputs of a new job's specification, in addition to its route and source. */
export interface JobContext {
  readonly configuration: Pick<JobConfiguration, "limits" | "presets">;
  readonly outputBucket: string;
  /** ISO 8601. */
  readonly now: string;
  /** User metadata of the uploaded object. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const resolvePreset = (id: string, route: Route, presets: JobConfiguration["presets"]): Preset => {
  const preset = presets[id];
  if (preset === undefined)
    throw new JobFailure(1000, `Preset ${id} of route "${route.name}" does not exist.`);
  return preset;
};

const resolveRecipe = (
  route: Route,
  outputKeys: readonly string[],
  presets: JobConfiguration["presets"],
): Recipe => {
  const recipe =
    route.engine === "ffmpeg" ? route.recipe : { name: "transcode" as const, preset: route.preset };
  if (recipe.name !== "transcode") return recipe;
  const preset = resolvePreset(recipe.preset, route, presets);
  return { name: "transcode", outputs: outputKeys.map((key) => ({ key, preset, rotate: "auto" })) };
};

/** The metadata of an upload that jobs need: without the entries that Reelway reserves. */
export const selectJobMetadata = (metadata: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith(reservedMetadataPrefix)));

const buildSpecification = (
  route: Route,
  source: JobSource,
  { configuration: { limits, presets }, outputBucket, metadata }: JobContext,
): Specification => {
  const outputKeys = planOutputKeys(route, source.key);
  return {
    recipe: resolveRecipe(route, outputKeys, presets),
    outputBucket,
    outputKeys,
    metadata: selectJobMetadata(metadata ?? {}),
    limits: {
      maxSourceMinutes: limits.maxSourceMinutes,
      maxVideoPixels: limits.maxVideoPixels,
      maxImagePixels: limits.maxImagePixels,
    },
  };
};

const buildJobFields = (
  route: Route | null,
  source: JobSource,
  { now, ownerId }: { readonly now: string; readonly ownerId?: string | undefined },
) => ({
  id: computeJobId(source, route?.name ?? null),
  route: route?.name ?? null,
  engine: route?.engine ?? null,
  recipe: route === null ? null : getRecipeName(route),
  attempt: 1,
  maxAttempts: defaultMaxAttempts,
  source,
  ...(ownerId === undefined ? {} : { ownerId }),
  outputs: [],
  createdAt: now,
  updatedAt: now,
});

/** Builds a job that is closed as Error immediately: no route, or over a limit. */
export const buildRefusedJob = (
  route: Route | null,
  source: JobSource,
  error: JobError,
  {
    now,
    ownerId,
    specification = null,
  }: {
    /** ISO 8601. */
    readonly now: string;
    readonly ownerId?: string | undefined;
    /** Set if an operator's retry may succeed. @default null */
    readonly specification?: Specification | null;
  },
): Job => ({
  ...buildJobFields(route, source, { now, ownerId }),
  status: "Error",
  specification,
  progress: { percent: 0, phase: "refused" },
  error,
  finishedAt: now,
  history: [{ at: now, status: "Error", attempt: 1, detail: error.message }],
});

/** Builds the Submitted job of an upload, or an Error job if a limit or the key length forbids it. */
export const buildJob = (route: Route, source: JobSource, context: JobContext): Job => {
  const { now, configuration, metadata = {} } = context;
  const { limits } = configuration;
  const ownerId = getOwnerId(metadata);
  try {
    checkSourceSize(source, limits);
    return {
      ...buildJobFields(route, source, { now, ownerId }),
      status: "Submitted",
      specification: buildSpecification(route, source, context),
      progress: { percent: 0, phase: "submitted" },
      error: null,
      history: [{ at: now, status: "Submitted", attempt: 1, detail: "claimed" }],
    };
  } catch (failure) {
    if (!(failure instanceof JobFailure)) throw failure;
    return buildRefusedJob(route, source, failure.toJobError(), { now, ownerId });
  }
};

/**
 * Builds the job of an upload that cannot be read: an Error job, whose retry reads the metadata of the upload.
 *
 * @param failure why it cannot be read; a job that could never start has its own error
 */
export const buildUnreadableJob = (
  route: Route,
  source: JobSource,
  failure: JobFailure,
  context: Omit<JobContext, "metadata">,
): Job => {
  const job = buildJob(route, source, context);
  return job.specification === null
    ? job
    : buildRefusedJob(route, source, failure.toJobError(), {
        now: context.now,
        specification: { ...job.specification, isMetadataUnknown: true },
      });
};
