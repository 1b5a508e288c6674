import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { deploymentNames } from "./names.ts";

/** A bucket as a stage uses it. */
interface Use {
  readonly stage: string;
  /** The field that names it, or would. */
  readonly field: "inputBucket" | "outputBucket" | "stateBucket" | "codeBucket" | "logBucket";
  readonly bucket: string;
}

/** Characters of a bucket's name (S3 user guide, "Bucket naming rules"). */
const longestName = 63;

const usesOf = ({ project, stages }: Pick<Configuration, "project" | "stages">): readonly Use[] =>
  Object.entries(stages).flatMap(([name, stage]) => {
    const names = deploymentNames({ project, stage: name, ...stage });
    const use = (field: Use["field"], bucket: string): Use => ({ stage: name, field, bucket });
    return [
      use("inputBucket", stage.inputBucket),
      use("outputBucket", stage.outputBucket),
      use("stateBucket", names.stateBucket),
      // The log of the state's use is named after it.
      use("stateBucket", names.stateLogBucket),
      use("codeBucket", names.codeBucket),
      use("logBucket", names.logBucket),
    ];
  });

const isLoop = (one: Use, other: Use): boolean =>
  (one.field === "inputBucket" && other.field === "outputBucket") ||
  (one.field === "outputBucket" && other.field === "inputBucket");

const consequence = (one: Use, other: Use): string => {
  if (one.field === "inputBucket" && other.field === "inputBucket")
    return "so each upload would be a job of both, and paid twice";
  if (one.field === "outputBucket" && other.field === "outputBucket")
    return "so the outputs of one would overwrite the other's";
  return "and each needs one of its own";
};

/** A bucket of two uses; an output that is an input is told with the route it would trigger. */
const shared = (uses: readonly Use[]): readonly string[] =>
  uses.flatMap((one, index) =>
    uses
      .slice(0, index)
      .filter((other) => other.bucket === one.bucket && !isLoop(one, other))
      .map(
        (other) =>
          `stage "${one.stage}", ${one.field}: ${one.bucket} is the ${other.field} of ${other.stage === one.stage ? "the same stage" : `stage "${other.stage}"`} too, ${consequence(one, other)}`,
      ),
  );

/** What the buckets of the stages say against each other; each sentence names stage and field. */
export const bucketContradictions = (
  configuration: Pick<Configuration, "project" | "stages">,
): readonly string[] => {
  const uses = usesOf(configuration);
  return [
    ...shared(uses),
    ...uses
      .filter(({ bucket }) => bucket.length > longestName)
      .map(
        ({ stage, field, bucket }) =>
          `stage "${stage}", ${field}: the bucket of its access logs would be ${bucket}, which has ${bucket.length} characters; at most ${longestName} are allowed`,
      ),
  ];
};
