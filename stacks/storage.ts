import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import {
  allowCloudfrontRead,
  cloudfrontService,
  formatDistributionPattern,
} from "../modules/cloudfront-access.ts";
import { EncryptionKey } from "../modules/encryption-key.ts";
import { ExistingBucket } from "../modules/existing-bucket.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { archivePrefix } from "../pipeline/configuration/channels-schema.ts";
import { jobsTable, transcoderTable } from "../pipeline/ports/tables.ts";

/** All persistent data of a stage: buckets, tables and their KMS key. */
export class StorageStack extends StageStack {
  constructor(scope: Construct, { deployment }: StageStackProps) {
    super(scope, "storage", { deployment });
    const { names, arns } = this;
    const {
      inputBucket,
      outputBucket,
      noncurrentVersionExpirationDays,
      glacierTransitionDays,
      channels = [],
    } = deployment;
    const key = new EncryptionKey(this, "key", {
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
    this.keyArn = key.arn;
    const mediaBuckets = deployment.existingBuckets ? [] : [inputBucket, outputBucket];
    const logBucket = new LogBucket(this, "logs", {
      name: names.logBucket,
      sourceBuckets: [...mediaBuckets, names.codeBucket, names.siteBucket],
      deliverySources: [names.distributionLogs],
    });
    const bucketDefaults = { keyArn: key.arn, logBucket: logBucket.id, noncurrentVersionExpirationDays };
    if (deployment.existingBuckets) {
      if (deployment.bucketEvents === "managed")
        for (const [id, name] of [
          ["input", inputBucket],
          ["output", outputBucket],
        ] as const)
          new ExistingBucket(this, id, { name });
    } else {
      new PrivateBucket(this, "input", {
        ...bucketDefaults,
        name: inputBucket,
        eventBridgeEnabled: true,
        ...(glacierTransitionDays === undefined ? {} : { glacierTransitionDays }),
      });
      new PrivateBucket(this, "output", {
        ...bucketDefaults,
        name: outputBucket,
        eventBridgeEnabled: true,
        ...(channels.length === 0
          ? {}
          : {
              prefixExpiration: {
                prefix: archivePrefix,
                days: Math.max(...channels.map(({ retentionDays }) => retentionDays)),
              },
            }),
        policyStatements: [allowCloudfrontRead(this, outputBucket)],
      });
    }
    new PrivateBucket(this, "code", { ...bucketDefaults, name: names.codeBucket });
    new RecordTable(this, "jobs", { name: names.jobsTable, definition: jobsTable });
    new RecordTable(this, "transcoder", { name: names.transcoderTable, definition: transcoderTable });
    this.exportOutput({ key_arn: key.arn });
  }
}
