import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { GithubAccess } from "../modules/github-access.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import { OperatorPolicy } from "../modules/operator-policy.ts";
import { PermissionsBoundary } from "../modules/permissions-boundary.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";

/** State bucket, permissions boundary, operator policy and GitHub access of a stage. `reelway bootstrap` applies it first. */
export class StateStack extends StageStack {
  constructor(scope: Construct, { deployment }: StageStackProps) {
    super(scope, "state", { deployment });
    const { names } = this;
    const key = new EncryptionKey(this, "key", {
      name: names.stateKeyAlias,
      description: `Terraform states of ${deployment.project} ${deployment.stage}`,
    });
    const logBucket = new LogBucket(this, "logs", {
      name: names.stateLogBucket,
      sourceBuckets: [names.stateBucket],
    });
    new PrivateBucket(this, "state", {
      name: names.stateBucket,
      keyArn: key.arn,
      logBucket: logBucket.id,
      // Keeps earlier states for restores.
      noncurrentVersionExpirationDays: 400,
    });
    const operatorPolicy = new OperatorPolicy(this, "operator", { stateKeyArn: key.arn });
    this.exportOutput({ operator_policy_arn: operatorPolicy.arn });
    const boundary = new PermissionsBoundary(this, "boundary");
    if (deployment.github !== undefined)
      new GithubAccess(this, "github", { ...deployment.github, stateKeyArn: key.arn, boundary });
  }
}
