import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { ExistingBucket } from "../modules/existing-bucket.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import type { Deployment } from "../modules/names.ts";
import { StageStack } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { jobsTable, transcoderTable } from "../pipeline/ports/tables.ts";

/** What must outlive everything else: uploads, outputs, records, and the key to them. */
export const storageStack = (scope: Construct, deployment: Deployment): StageStack => {
  const stack = new StageStack(scope, deployment, "storage");
  const { names, arns } = stack;
  const { inputBucket, outputBucket, noncurrentDays, coldAfterDays } = deployment;
  const key = new EncryptionKey(stack, "key", {
    name: `${deployment.project}-${deployment.stage}`,
    description: `Everything of ${deployment.project} ${deployment.stage}`,
    // Each by the condition that AWS documents for it; one that is never met would stop every event without a word
    // (SQS developer guide, "Configure KMS permissions for AWS services"; SNS developer guide, "Managing encryption keys").
    services: [
      { service: "events.amazonaws.com" },
      { service: "cloudwatch.amazonaws.com" },
      { service: "sns.amazonaws.com", source: arns.of("sns", "*") },
    ],
  });
  stack.keyArn = key.arn;
  const media = deployment.existingBuckets ? [] : [inputBucket, outputBucket];
  const logs = new LogBucket(stack, "logs", { name: names.logBucket, sources: [...media, names.codeBucket] });
  const kept = { keyArn: key.arn, logBucket: logs.id, noncurrentDays };
  if (deployment.existingBuckets) {
    new ExistingBucket(stack, "input", { name: inputBucket });
    new ExistingBucket(stack, "output", { name: outputBucket });
  } else {
    new PrivateBucket(stack, "input", {
      ...kept,
      name: inputBucket,
      events: true,
      ...(coldAfterDays === undefined ? {} : { coldAfterDays }),
    });
    new PrivateBucket(stack, "output", { ...kept, name: outputBucket, events: true });
  }
  new PrivateBucket(stack, "code", { ...kept, name: names.codeBucket });
  new RecordTable(stack, "jobs", { name: names.jobsTable, definition: jobsTable });
  new RecordTable(stack, "transcoder", { name: names.transcoderTable, definition: transcoderTable });
  stack.tell({ key_arn: key.arn });
  return stack;
};
