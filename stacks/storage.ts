import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { ExistingBucket } from "../modules/existing-bucket.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import type { Deployment } from "../modules/names.ts";
import { StageStack } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { jobsTable, transcoderTable } from "../pipeline/ports/tables.ts";

/** Creates the storage stack with all persistent data: buckets, tables and their KMS key. */
export const createStorageStack = (scope: Construct, deployment: Deployment): StageStack => {
  const stack = new StageStack(scope, deployment, "storage");
  const { names, arns } = stack;
  const { inputBucket, outputBucket, noncurrentVersionExpirationDays, glacierTransitionDays } = deployment;
  const key = new EncryptionKey(stack, "key", {
    name: `${deployment.project}-${deployment.stage}`,
    description: `Data of ${deployment.project} ${deployment.stage}`,
    // Each service has the condition that AWS documents; a condition that is never met would silently drop all events
    // (SQS developer guide, "Configure KMS permissions for AWS services"; SNS developer guide, "Managing encryption keys").
    serviceGrants: [
      { service: "events.amazonaws.com" },
      { service: "cloudwatch.amazonaws.com" },
      { service: "sns.amazonaws.com", sourceArn: arns.of("sns", "*") },
    ],
  });
  stack.keyArn = key.arn;
  const mediaBuckets = deployment.existingBuckets ? [] : [inputBucket, outputBucket];
  const logBucket = new LogBucket(stack, "logs", {
    name: names.logBucket,
    sourceBuckets: [...mediaBuckets, names.codeBucket],
  });
  const bucketDefaults = { keyArn: key.arn, logBucket: logBucket.id, noncurrentVersionExpirationDays };
  if (deployment.existingBuckets) {
    new ExistingBucket(stack, "input", { name: inputBucket });
    new ExistingBucket(stack, "output", { name: outputBucket });
  } else {
    new PrivateBucket(stack, "input", {
      ...bucketDefaults,
      name: inputBucket,
      eventBridgeEnabled: true,
      ...(glacierTransitionDays === undefined ? {} : { glacierTransitionDays }),
    });
    new PrivateBucket(stack, "output", { ...bucketDefaults, name: outputBucket, eventBridgeEnabled: true });
  }
  new PrivateBucket(stack, "code", { ...bucketDefaults, name: names.codeBucket });
  new RecordTable(stack, "jobs", { name: names.jobsTable, definition: jobsTable });
  new RecordTable(stack, "transcoder", { name: names.transcoderTable, definition: transcoderTable });
  stack.exportOutput({ key_arn: key.arn });
  return stack;
};
