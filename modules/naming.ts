import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import { DataAwsCallerIdentity } from "#aws/data-aws-caller-identity";
import type { Stage } from "../pipeline/configuration/configuration.ts";

/** Which deployment a stack belongs to. */
export interface Deployment extends Stage {
  /** Prefix of every name. */
  readonly project: string;
  /** Name of the stage. */
  readonly stage: string;
}

/** The tail of a shortened name: eight hexadecimal characters of the SHA-256 of the whole one. */
const tail = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 8);

/**
 * The name of a resource: project, stage and what it is, joined by `-`. A name longer than the service takes is cut
 * and ends in a hash of the whole, so that two long names stay apart and each stays the same from synth to synth.
 *
 * @param limit characters the service allows: 64 for roles and functions, 63 for buckets, 80 for queues
 */
export const resourceName = (
  { project, stage }: Pick<Deployment, "project" | "stage">,
  what: string,
  limit = 63,
): string => {
  const name = `${project}-${stage}-${what}`;
  return name.length <= limit ? name : `${name.slice(0, limit - 9).replace(/-+$/, "")}-${tail(name)}`;
};

/** The ARN of a bucket. */
export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** ARNs of a deployment's resources, computed from names, so that no stack must ask another for them. */
export interface Arns {
  /** `resource` as the service writes it, e.g. `table/reelway-dev-jobs`. */
  of(service: string, resource: string): string;
  /** IAM's have no region. */
  role(name: string): string;
  /** A token: known when the plan is made. */
  readonly account: string;
}

/** Asks the provider for the account that the plan is made in. One a stack. */
export const createArns = (scope: Construct, { region }: Pick<Deployment, "region">): Arns => {
  const account = new DataAwsCallerIdentity(scope, "account").accountId;
  return {
    account,
    of: (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`,
    role: (name) => `arn:aws:iam::${account}:role/${name}`,
  };
};
