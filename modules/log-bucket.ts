import { Construct } from "constructs";
import { formatBucketArn } from "./arns.ts";
import { PrivateBucket } from "./bucket.ts";
import type { Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Properties of `LogBucket`. */
export interface LogBucketProps {
  /** Globally unique. A change REPLACES the bucket, which `prevent_destroy` refuses. */
  readonly name: string;
  /** Buckets whose access logs are delivered to this one. */
  readonly sourceBuckets: readonly string[];
  /** Names of the delivery sources of CloudFront's access logs. @default none */
  readonly deliverySources?: readonly string[];
}

/** Retention of access logs, days. */
const retentionDays = 400;

/** The bucket for access logs of S3 and CloudFront, with a retention of 400 days. */
export class LogBucket extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, sourceBuckets, deliverySources = [] }: LogBucketProps) {
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
        // CloudWatch Logs user guide, "Enabling logging that requires additional permissions [V2]".
        ...deliverySources.map(
          (source): Statement => ({
            Sid: "CloudFrontLogs",
            Effect: "Allow",
            Principal: { Service: "delivery.logs.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${formatBucketArn(name)}/AWSLogs/${arns.account}/CloudFront/*`,
            Condition: {
              ArnLike: {
                "aws:SourceArn": `arn:aws:logs:us-east-1:${arns.account}:delivery-source:${source}`,
              },
              StringEquals: {
                "aws:SourceAccount": arns.account,
                "s3:x-amz-acl": "bucket-owner-full-control",
              },
            },
          }),
        ),
      ],
    }).id;
  }
}
