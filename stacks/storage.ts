import type { Construct } from "constructs";
import { PrivateBucket } from "../modules/bucket.ts";
import { allowCloudfrontRead } from "../modules/cloudfront-access.ts";
import { ExistingBucket } from "../modules/existing-bucket.ts";
import { LogBucket } from "../modules/log-bucket.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { archivePrefix } from "../pipeline/configuration/channels-schema.ts";
import { jobsTable, transcoderTable } from "../pipeline/ports/tables.ts";

/** All persistent data of a stage: buckets and tables. */
export class StorageStack extends StageStack {
  constructor(scope: Construct, { deployment }: StageStackProps) {
    super(scope, "storage", { deployment });
    const { names, keyArn } = this;
    const {
      inputBucket,
      outputBucket,
      noncurrentVersionExpirationDays,
      glacierTransitionDays,
      channels = [],
    } = deployment;
    const mediaBuckets = deployment.existingBuckets ? [] : [inputBucket, outputBucket];
    const logBucket = new LogBucket(this, "logs", {
      name: names.logBucket,
      sourceBuckets: [...mediaBuckets, names.codeBucket, names.siteBucket],
      deliverySources: [names.distributionLogs],
    });
    const bucketDefaults = { keyArn, logBucket: logBucket.id, noncurrentVersionExpirationDays };
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
  }
}
