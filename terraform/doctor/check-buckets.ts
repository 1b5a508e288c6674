import {
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import * as z from "zod";
import { getHttpStatus } from "../../adapters/aws/aws-error.ts";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { listResourcesOfType } from "../runner/stack-resources.ts";
import { isDenied, withRequests } from "./failed-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

const name = "buckets";

/** What S3 knows about the name of a bucket. */
export type BucketState =
  | { readonly kind: "absent" }
  /** It can be read. Region and tags are undefined if they are not known. */
  | {
      readonly kind: "present";
      readonly region: string | undefined;
      readonly tags: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: "other-region" }
  /** Not among the account's buckets. */
  | { readonly kind: "foreign" }
  /** In the account, or in an unknown one, and the caller may not read it. */
  | { readonly kind: "denied" };

/** A bucket that the stage uses. */
export interface StageBucket {
  readonly bucket: string;
  /** Field of the stage that names it; undefined if its name is derived from another one. */
  readonly field: string | undefined;
  /** Whether Terraform creates it. */
  readonly isManaged: boolean;
}

const describeRename = ({ bucket, field }: StageBucket): string =>
  field === undefined
    ? `Choose another project or stage name in reelway.config.ts, from which ${bucket} is derived.`
    : `Choose another ${field} for the stage in reelway.config.ts.`;

/** Checks one bucket; undefined without a finding. */
export const checkBucket = (
  { project, stage, region }: { readonly project: string; readonly stage: string; readonly region: string },
  stageBucket: StageBucket,
  state: BucketState,
): CheckResult | undefined => {
  const { bucket, field, isManaged } = stageBucket;
  switch (state.kind) {
    case "absent":
      return isManaged
        ? undefined
        : failure(
            name,
            `${bucket} does not exist, and existingBuckets is true`,
            `Create it, correct ${field} in reelway.config.ts, or set existingBuckets: false.`,
          );
    case "other-region":
      return failure(
        name,
        `${bucket} exists in another Region than ${region}`,
        isManaged
          ? describeRename(stageBucket)
          : `Set the region of the stage to that of the bucket, or ${field} to a bucket in ${region}.`,
      );
    case "foreign":
      return isManaged
        ? failure(name, `${bucket} is taken by another account`, describeRename(stageBucket))
        : warning(
            name,
            `${bucket} belongs to another account, and the caller may not read it`,
            "Allow the stage's roles in the policy of the bucket: docs/aws.md",
          );
    case "denied":
      return warning(
        name,
        `${bucket} not checked: it exists, and the credentials do not allow s3:ListBucket on it`,
        "Allow s3:ListBucket and s3:ListAllMyBuckets to the caller, then run the command again.",
      );
    case "present":
      if (state.region !== undefined && state.region !== region)
        return checkBucket({ project, stage, region }, stageBucket, { kind: "other-region" });
      return isManaged &&
        state.tags !== undefined &&
        (state.tags.project !== project || state.tags.stage !== stage)
        ? failure(
            name,
            `${bucket} exists in the account, and ${project} ${stage} did not create it`,
            field === "inputBucket" || field === "outputBucket"
              ? `To use it: existingBuckets: true. Otherwise choose another ${field} in reelway.config.ts.`
              : describeRename(stageBucket),
          )
        : undefined;
  }
};

const readTags = async (
  s3: S3Client,
  bucket: string,
): Promise<Readonly<Record<string, string>> | undefined> => {
  try {
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
  } catch (cause) {
    if (cause instanceof Error && cause.name === "NoSuchTagSet") return {};
    // Without tags, the bucket counts as the stage's.
    if (isDenied(cause)) return undefined;
    throw cause;
  }
};

const isListed = async (s3: S3Client, bucket: string): Promise<boolean | undefined> => {
  try {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: bucket, MaxBuckets: 1000 }));
    return Buckets.some(({ Name }) => Name === bucket);
  } catch (cause) {
    if (isDenied(cause)) return undefined;
    throw cause;
  }
};

/** Reads the state of a bucket from the answer to HeadBucket (Amazon S3 API reference, HeadBucket). */
const readBucketState = async (s3: S3Client, { bucket, isManaged }: StageBucket): Promise<BucketState> => {
  try {
    const { BucketRegion: region } = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return { kind: "present", region, tags: isManaged ? await readTags(s3, bucket) : undefined };
  } catch (cause) {
    const status = getHttpStatus(cause);
    if (status === 404) return { kind: "absent" };
    if (status === 301 || status === 400) return { kind: "other-region" };
    if (status !== 403) throw cause;
    return { kind: (await isListed(s3, bucket)) === false ? "foreign" : "denied" };
  }
};

const bucketSchema = z.looseObject({ bucket: z.string() });

/** Lists the buckets of a stage: those that its stacks create, and the existing ones that it uses. */
export const listStageBuckets = ({
  deployment,
  names,
  resources,
}: Pick<StageTarget, "deployment" | "names" | "resources">): readonly StageBucket[] => {
  const fields = new Map<string, string>([
    [deployment.inputBucket, "inputBucket"],
    [deployment.outputBucket, "outputBucket"],
    [names.stateBucket, "stateBucket"],
    [names.codeBucket, "codeBucket"],
    [names.logBucket, "logBucket"],
    [names.siteBucket, "siteBucket"],
  ]);
  const managed = listResourcesOfType(resources, "aws_s3_bucket", bucketSchema).map(({ bucket }) => bucket);
  const existing = deployment.existingBuckets ? [deployment.inputBucket, deployment.outputBucket] : [];
  return [...new Set([...managed, ...existing])].map((bucket) => ({
    bucket,
    field: fields.get(bucket),
    isManaged: !existing.includes(bucket),
  }));
};

/** Checks the names of the stage's buckets. */
export const runBucketsCheck = (
  target: Pick<StageTarget, "deployment" | "names" | "resources">,
  { s3 }: Pick<StageAccount, "s3">,
): Promise<readonly CheckResult[]> =>
  withRequests(name, "s3:ListBucket and s3:GetBucketTagging", async () => {
    const buckets = listStageBuckets(target);
    const states = await Promise.all(buckets.map((bucket) => readBucketState(s3, bucket)));
    const findings = buckets.flatMap((bucket, index) => {
      const state = states[index];
      return (state === undefined ? undefined : checkBucket(target.deployment, bucket, state)) ?? [];
    });
    if (findings.length > 0) return findings;
    const presentCount = states.filter(({ kind }) => kind === "present").length;
    return ok(
      name,
      presentCount === buckets.length
        ? `${buckets.length} exist`
        : `${presentCount} exist, ${buckets.length - presentCount} not yet; their names are free`,
    );
  });
