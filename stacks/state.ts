import type { Construct } from "constructs";
import { formatBucketArn } from "../modules/arns.ts";
import { PrivateBucket } from "../modules/bucket.ts";
import { cloudfrontService, formatDistributionPattern } from "../modules/cloudfront-access.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { GithubAccess } from "../modules/github-access.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import { OperatorPolicy } from "../modules/operator-policy.ts";
import { PermissionsBoundary } from "../modules/permissions-boundary.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";

/**
 * State bucket, KMS keys, permissions boundary, operator policy and GitHub access of a stage. `reelway bootstrap` applies it first, with the
 * credentials of an administrator, so that no role of a workflow manages keys.
 */
export class StateStack extends StageStack {
  constructor(scope: Construct, { deployment }: StageStackProps) {
    super(scope, "state", { deployment });
    const { names, arns } = this;
    const stateKey = new EncryptionKey(this, "key", {
      name: names.stateKeyAlias,
      description: `Terraform states of ${deployment.project} ${deployment.stage}`,
    });
    const stageKey = new EncryptionKey(this, "stage-key", {
      name: `${deployment.project}-${deployment.stage}`,
      description: `Data of ${deployment.project} ${deployment.stage}`,
      // Each service has the condition that AWS documents; a condition that is never met would silently drop all events
      // (SQS developer guide, "Configure KMS permissions for AWS services"; SNS developer guide, "Managing encryption keys").
      serviceGrants: [
        { service: "events.amazonaws.com" },
        { service: "cloudwatch.amazonaws.com" },
        { service: "sns.amazonaws.com", sourceArn: arns.of("sns", "*") },
        { service: cloudfrontService, sourceArn: formatDistributionPattern(this), actions: ["kms:Decrypt"] },
      ],
    });
    this.keyArn = stageKey.arn;
    const logBucket = new LogBucket(this, "logs", {
      name: names.stateLogBucket,
      sourceBuckets: [names.stateBucket],
    });
    new PrivateBucket(this, "state", {
      name: names.stateBucket,
      keyArn: stateKey.arn,
      logBucket: logBucket.id,
      // Keeps earlier states for restores.
      noncurrentVersionExpirationDays: 400,
      // Without a header, S3 encrypts with the key of the bucket.
      policyStatements: [
        {
          Sid: "StateKeyOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: `${formatBucketArn(names.stateBucket)}/*`,
          Condition: {
            StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
            Null: { "s3:x-amz-server-side-encryption": "false" },
          },
        },
      ],
    });
    const keys = { stateKeyArn: stateKey.arn, stageKeyArn: stageKey.arn };
    const operatorPolicy = new OperatorPolicy(this, "operator", { keys });
    const boundary = new PermissionsBoundary(this, "boundary");
    if (deployment.github !== undefined)
      new GithubAccess(this, "github", { ...deployment.github, keys, boundary });
    this.exportOutput({ key_arn: stageKey.arn, operator_policy_arn: operatorPolicy.arn });
  }
}
