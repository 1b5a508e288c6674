import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { buildDeploymentNames } from "./names.ts";

/** A bucket as a stage uses it. */
interface BucketUse {
  readonly stage: string;
  /** The field that names it, or would. */
  readonly field: "inputBucket" | "outputBucket" | "stateBucket" | "codeBucket" | "logBucket";
  readonly bucket: string;
}

/** Characters of a bucket's name (S3 user guide, "Bucket naming rules"). */
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
      // The log of the state's use is named after it.
      buildUse("stateBucket", names.stateLogBucket),
      buildUse("codeBucket", names.codeBucket),
      buildUse("logBucket", names.logBucket),
    ];
  });

const isLoop = (one: BucketUse, other: BucketUse): boolean =>
  (one.field === "inputBucket" && other.field === "outputBucket") ||
  (one.field === "outputBucket" && other.field === "inputBucket");

const describeConsequence = (one: BucketUse, other: BucketUse): string => {
  if (one.field === "inputBucket" && other.field === "inputBucket")
    return "so each upload would be a job of both, and paid twice";
  if (one.field === "outputBucket" && other.field === "outputBucket")
    return "so the outputs of one would overwrite the other's";
  return "and each needs one of its own";
};

/** A bucket of two uses; an output that is an input is told with the route it would trigger. */
const findSharedBuckets = (uses: readonly BucketUse[]): readonly string[] =>
  uses.flatMap((one, index) =>
    uses
      .slice(0, index)
      .filter((other) => other.bucket === one.bucket && !isLoop(one, other))
      .map(
        (other) =>
          `stage "${one.stage}", ${one.field}: ${one.bucket} is the ${other.field} of ${other.stage === one.stage ? "the same stage" : `stage "${other.stage}"`} too, ${describeConsequence(one, other)}`,
      ),
  );

/** What the buckets of the stages say against each other; each sentence names stage and field. */
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
          `stage "${stage}", ${field}: the bucket of its access logs would be ${bucket}, which has ${bucket.length} characters; at most ${maxBucketNameLength} are allowed`,
      ),
  ];
};
