import { GetBucketEncryptionCommand, type S3Client } from "@aws-sdk/client-s3";
import { getHttpStatus } from "../../adapters/aws/aws-error.ts";
import { type CheckResult, failure, ok } from "../../pipeline/text/check-result.ts";
import { withRequests } from "./failed-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

const name = "bucket keys";

/** KMS key by which a bucket encrypts new objects. */
export interface BucketKey {
  readonly bucket: string;
  /** Id or ARN of the key, or name or ARN of its alias. */
  readonly key: string;
}

const getRegion = (arn: string): string | undefined => arn.split(":")[3];
const isAlias = (key: string): boolean => /(^|:)alias\//.test(key);

/** Checks the keys of existing buckets against those that the stage's roles may use. */
export const checkBucketKeys = (
  { region, mediaKmsKeyArns }: { readonly region: string; readonly mediaKmsKeyArns: readonly string[] },
  keys: readonly BucketKey[],
): readonly CheckResult[] => {
  const findings: CheckResult[] = [];
  for (const arn of mediaKmsKeyArns)
    if (getRegion(arn) !== region)
      findings.push(
        failure(
          name,
          `${arn} of mediaKmsKeyArns is a key of another Region than ${region}, which S3 does not use for its buckets`,
          `List the key of the bucket's own Region in mediaKmsKeyArns.`,
        ),
      );
  for (const { bucket, key } of keys) {
    // AWS's own key aws/s3 needs no permission; an alias says nothing about the key behind it.
    if (key === "alias/aws/s3" || key.endsWith(":alias/aws/s3")) continue;
    const isListed = mediaKmsKeyArns.some((arn) => arn === key || arn.endsWith(`key/${key}`));
    if (isListed || (isAlias(key) && mediaKmsKeyArns.length > 0)) continue;
    findings.push(
      failure(
        name,
        `${bucket} is encrypted with ${key}, which the stage's roles may not use`,
        isAlias(key)
          ? `Add the ARN of the key to mediaKmsKeyArns: aws kms describe-key --region ${region} --key-id ${key} --query KeyMetadata.Arn`
          : `Add the ARN of the key to mediaKmsKeyArns of the stage in reelway.config.ts.`,
      ),
    );
  }
  return findings;
};

/** Reads the key of a bucket; undefined if it has none of its own, or does not exist. */
const readBucketKey = async (s3: S3Client, bucket: string): Promise<BucketKey | undefined> => {
  try {
    const { ServerSideEncryptionConfiguration: configuration } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket: bucket }),
    );
    const key = configuration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
    return key === undefined ? undefined : { bucket, key };
  } catch (cause) {
    if (getHttpStatus(cause) === 404) return undefined;
    throw cause;
  }
};

/** Checks the KMS keys of existing buckets; the others have the stage's own key. */
export const runBucketKeysCheck = (
  { deployment }: Pick<StageTarget, "deployment">,
  { s3 }: Pick<StageAccount, "s3">,
) => {
  const { inputBucket, outputBucket, existingBuckets, mediaKmsKeyArns } = deployment;
  if (!existingBuckets && mediaKmsKeyArns.length === 0) return Promise.resolve([]);
  return withRequests(name, "s3:GetEncryptionConfiguration", async () => {
    const buckets = existingBuckets ? [inputBucket, outputBucket] : [];
    const keys = (await Promise.all(buckets.map((bucket) => readBucketKey(s3, bucket)))).flatMap(
      (key) => key ?? [],
    );
    const findings = checkBucketKeys(deployment, keys);
    return findings.length > 0 ? findings : ok(name, "the stage's roles may use the keys of the buckets");
  });
};
