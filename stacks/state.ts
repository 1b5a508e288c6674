import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { GithubAccess } from "../modules/github-access.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import type { Deployment } from "../modules/names.ts";
import { PermissionsBoundary } from "../modules/permissions-boundary.ts";
import { StageStack } from "../modules/stack.ts";

/** Where Terraform keeps what it knows, and who may change it: made first, by `reelway bootstrap`. */
export const createStateStack = (scope: Construct, deployment: Deployment): StageStack => {
  const stack = new StageStack(scope, deployment, "state");
  const { names } = stack;
  const key = new EncryptionKey(stack, "key", {
    name: names.stateBucket,
    description: `Terraform's state of ${deployment.project} ${deployment.stage}`,
  });
  const logBucket = new LogBucket(stack, "logs", {
    name: names.stateLogBucket,
    sourceBuckets: [names.stateBucket],
  });
  new PrivateBucket(stack, "state", {
    name: names.stateBucket,
    keyArn: key.arn,
    logBucket: logBucket.id,
    // A state of long ago may be wanted back.
    noncurrentVersionExpirationDays: 400,
  });
  const boundary = new PermissionsBoundary(stack, "boundary");
  if (deployment.github !== undefined)
    new GithubAccess(stack, "github", { ...deployment.github, stateKeyArn: key.arn, boundary });
  return stack;
};
