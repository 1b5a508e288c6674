import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { GithubAccess } from "../modules/github-access.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import type { Deployment } from "../modules/names.ts";
import { PermissionsBoundary } from "../modules/permissions-boundary.ts";
import { StageStack } from "../modules/stack.ts";

/** Creates the state stack: state bucket, permissions boundary and GitHub access. `reelway bootstrap` applies it first. */
export const createStateStack = (scope: Construct, deployment: Deployment): StageStack => {
  const stack = new StageStack(scope, deployment, "state");
  const { names } = stack;
  const key = new EncryptionKey(stack, "key", {
    name: names.stateBucket,
    description: `Terraform states of ${deployment.project} ${deployment.stage}`,
  });
  const logBucket = new LogBucket(stack, "logs", {
    name: names.stateLogBucket,
    sourceBuckets: [names.stateBucket],
  });
  new PrivateBucket(stack, "state", {
    name: names.stateBucket,
    keyArn: key.arn,
    logBucket: logBucket.id,
    // Keeps earlier states for restores.
    noncurrentVersionExpirationDays: 400,
  });
  const boundary = new PermissionsBoundary(stack, "boundary");
  if (deployment.github !== undefined)
    new GithubAccess(stack, "github", { ...deployment.github, stateKeyArn: key.arn, boundary });
  return stack;
};
