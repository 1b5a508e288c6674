import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { buildDeploymentNames } from "./names.ts";

/** The use of a bucket by a stage. */
interface BucketUse {
  readonly stage: string;
  /** Configuration field that sets the name. */
  readonly field: "inputBucket" | "outputBucket" | "stateBucket" | "codeBucket" | "logBucket" | "siteBucket";
  readonly bucket: string;
}

/** Maximum length of a bucket name (S3 user guide, "Bucket naming rules"). */
const maxBucketNameLength = 63;

const listBucketUses = ({
  project,
  stages,
}: Pick<Configuration, "project" | "stages">): readonly BucketUse[] =>
  Object.entries(stages).flatMap(([name, stage]) => {
    const names = buildDeploymentNames({ project, stage: name, ...stage });
    const buildUse = (field: BucketUse["field"], bucket: string): BucketUse => ({
      stage: name,
      field,
      bucket,
    });
    return [
      buildUse("inputBucket", stage.inputBucket),
      buildUse("outputBucket", stage.outputBucket),
      buildUse("stateBucket", names.stateBucket),
      // The name of its log bucket is derived from it.
      buildUse("stateBucket", names.stateLogBucket),
      buildUse("codeBucket", names.codeBucket),
      buildUse("logBucket", names.logBucket),
      buildUse("siteBucket", names.siteBucket),
    ];
  });

const isLoop = (one: BucketUse, other: BucketUse): boolean =>
  (one.field === "inputBucket" && other.field === "outputBucket") ||
  (one.field === "outputBucket" && other.field === "inputBucket");

const describeConsequence = (one: BucketUse, other: BucketUse): string => {
  if (one.field === "inputBucket" && other.field === "inputBucket")
    return "so each upload would create a job in both and be paid for twice";
  if (one.field === "outputBucket" && other.field === "outputBucket")
    return "so the outputs of one would overwrite those of the other";
  return "but each needs a separate bucket";
};

/** Finds buckets with two uses, except input and output, which the check for loops reports. */
const findSharedBuckets = (uses: readonly BucketUse[]): readonly string[] =>
  uses.flatMap((one, index) =>
    uses
      .slice(0, index)
      .filter((other) => other.bucket === one.bucket && !isLoop(one, other))
      .map(
        (other) =>
          `stage "${one.stage}", ${one.field}: ${one.bucket} is also the ${other.field} of ${other.stage === one.stage ? "the same stage" : `stage "${other.stage}"`}, ${describeConsequence(one, other)}`,
      ),
  );

/** Finds conflicts between the buckets of all stages; returns one sentence each, with stage and field. */
export const findBucketConflicts = (
  configuration: Pick<Configuration, "project" | "stages">,
): readonly string[] => {
  const uses = listBucketUses(configuration);
  return [
    ...findSharedBuckets(uses),
    ...uses
      .filter(({ bucket }) => bucket.length > maxBucketNameLength)
      .map(
        ({ stage, field, bucket }) =>
          `stage "${stage}", ${field}: the name of its log bucket, ${bucket}, has ${bucket.length} characters; the maximum is ${maxBucketNameLength}`,
      ),
  ];
};
