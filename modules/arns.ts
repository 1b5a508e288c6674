import type { Construct } from "constructs";
import { DataAwsCallerIdentity } from "#aws/data-aws-caller-identity";
import type { Deployment } from "./names.ts";

/** Formats the ARN of a bucket. */
export const formatBucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** Formats the URL of a bucket, as SDKs sign it: no certificate of S3 covers a bucket name with dots as host name. */
export const formatBucketUrl = (bucket: string, region: string): string =>
  bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}/`
    : `https://${bucket}.s3.${region}.amazonaws.com/`;

/** Computes the ARNs of a deployment's resources from their names, without reading other stacks. */
export interface Arns {
  /** @param resource in the service's format, e.g. `table/reelway-dev-jobs` */
  of(service: string, resource: string): string;
  /** ARN of an IAM role, which has no region. */
  role(name: string): string;
  policy(name: string): string;
  /** ARN pattern of a secret, for policies: Secrets Manager appends six characters. */
  secret(name: string): string;
  /** URL of an SQS queue. */
  queueUrl(name: string): string;
  /** Account id; a token that is resolved by the plan. */
  readonly account: string;
}

/** Creates the data source for the account id; call it once per stack. */
export const createArns = (scope: Construct, { region }: Pick<Deployment, "region">): Arns => {
  const account = new DataAwsCallerIdentity(scope, "account").accountId;
  const of = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return {
    account,
    of,
    role: (name) => `arn:aws:iam::${account}:role/${name}`,
    policy: (name) => `arn:aws:iam::${account}:policy/${name}`,
    secret: (name) => of("secretsmanager", `secret:${name}-??????`),
    queueUrl: (name) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  };
};
