import { Construct } from "constructs";
import { formatBucketArn } from "./arns.ts";
import { PrivateBucket } from "./bucket.ts";
import { StageStack } from "./stack.ts";

/** Properties of `LogBucket`. */
export interface LogBucketProps {
  /** Globally unique. A change REPLACES the bucket, which `prevent_destroy` refuses. */
  readonly name: string;
  /** Buckets whose access logs are delivered to this one. */
  readonly sourceBuckets: readonly string[];
}

/** Retention of access logs, days. */
const retentionDays = 400;

/** The bucket for S3 access logs, with a retention of 400 days. */
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
