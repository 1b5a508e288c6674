import { Construct } from "constructs";
import { formatBucketArn } from "./arns.ts";
import { PrivateBucket } from "./bucket.ts";
import { StageStack } from "./stack.ts";

export interface LogBucketProps {
  /** Globally unique. A change REPLACES the bucket, which `prevent_destroy` refuses. */
  readonly name: string;
  /** The buckets whose use is written down here. */
  readonly sourceBuckets: readonly string[];
}

/** Days that an access log is kept. */
const retentionDays = 400;

/** Where S3 writes who used the other buckets; a year and a month are kept. */
export class LogBucket extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, sourceBuckets }: LogBucketProps) {
    super(scope, id);
    const { arns } = StageStack.of(this);
    this.id = new PrivateBucket(this, "bucket", {
      name,
      noncurrentVersionExpirationDays: 30,
      expirationDays: retentionDays,
      policyStatements: [
        {
          Sid: "AccessLogs",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: sourceBuckets.map((source) => `${formatBucketArn(name)}/${source}/*`),
          Condition: {
            ArnLike: { "aws:SourceArn": sourceBuckets.map(formatBucketArn) },
            StringEquals: { "aws:SourceAccount": arns.account },
          },
        },
      ],
    }).id;
  }
}
