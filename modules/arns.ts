import type { Construct } from "constructs";
import { DataAwsCallerIdentity } from "#aws/data-aws-caller-identity";
import type { Deployment } from "./names.ts";

/** The ARN of a bucket. */
export const formatBucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** ARNs of a deployment's resources, computed from names, so that no stack must ask another for them. */
export interface Arns {
  /** `resource` as the service writes it, e.g. `table/reelway-dev-jobs`. */
  of(service: string, resource: string): string;
  /** IAM's have no region. */
  role(name: string): string;
  policy(name: string): string;
  /** A secret's ARN ends in six characters that Secrets Manager adds: a pattern for policies. */
  secret(name: string): string;
  /** URL of a queue, as SQS's API wants it. */
  queueUrl(name: string): string;
  /** A token: known when the plan is made. */
  readonly account: string;
}

/** Asks the provider for the account that the plan is made in. One a stack. */
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
