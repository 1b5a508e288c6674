import type { Construct } from "constructs";
import { S3Bucket } from "#aws/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "#aws/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "#aws/s3-bucket-logging";
import { S3BucketNotification } from "#aws/s3-bucket-notification";
import { S3BucketOwnershipControls } from "#aws/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "#aws/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "#aws/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "#aws/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "#aws/s3-bucket-versioning";
import { formatBucketArn } from "./arns.ts";
import { BucketReference } from "./bucket-reference.ts";
import { denyInsecureTransport, renderPolicyDocument, type Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Properties of `PrivateBucket`. */
export interface PrivateBucketProps {
  /** Globally unique. A change REPLACES the bucket, which `prevent_destroy` refuses. */
  readonly name: string;
  /** ARN of the KMS key. @default SSE-S3, which is required for access logs */
  readonly keyArn?: string;
  /** Bucket for access logs. @default no access logs */
  readonly logBucket?: string;
  /** Days after which a replaced or deleted version expires. */
  readonly noncurrentVersionExpirationDays: number;
  /** Days after which objects move to S3 Glacier Instant Retrieval, at least 30. @default never */
  readonly glacierTransitionDays?: number;
  /** Days after which objects expire. @default never */
  readonly expirationDays?: number;
  /** Days after which the objects below a prefix expire; their old versions a day later. @default none expire */
  readonly prefixExpiration?: { readonly prefix: string; readonly days: number };
  /** Whether to send events to EventBridge. @default false */
  readonly eventBridgeEnabled?: boolean;
  /** Additional statements of the bucket policy, which requires TLS. @default none */
  readonly policyStatements?: readonly Statement[];
}

/** A private, versioned, encrypted bucket that requires TLS. */
export class PrivateBucket extends BucketReference {
  /** Bucket name; resolved after the policy is created, which S3 requires to deliver logs. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id, props);
    const { name, keyArn } = props;
    const { isProtected } = StageStack.of(this);
    const bucket = new S3Bucket(this, "bucket", { bucket: name, lifecycle: { preventDestroy: isProtected } });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        keyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
            },
      ],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: buildLifecycleRules(props),
      // S3 rejects rules for noncurrent versions without versioning.
      dependsOn: [versioning],
    });
    const policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: renderPolicyDocument([
        denyInsecureTransport("s3:*", [formatBucketArn(name), `${formatBucketArn(name)}/*`]),
        ...(props.policyStatements ?? []),
      ]),
      // S3 rejects concurrent calls, so the public access block is created first.
      dependsOn: [publicAccessBlock],
    });
    this.id = policy.bucket;
    if (props.logBucket !== undefined)
      new S3BucketLoggingA(this, "logging", {
        bucket: bucket.id,
        targetBucket: props.logBucket,
        targetPrefix: `${name}/`,
      });
    if (props.eventBridgeEnabled === true)
      new S3BucketNotification(this, "events", { bucket: bucket.id, eventbridge: true });
  }
}

const allObjects = [{ prefix: "" }];

const buildLifecycleRules = ({
  noncurrentVersionExpirationDays,
  glacierTransitionDays,
  expirationDays,
  prefixExpiration,
}: PrivateBucketProps): S3BucketLifecycleConfigurationRule[] => [
  {
    id: "abort-multipart-uploads",
    status: "Enabled",
    filter: allObjects,
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 2 }],
  },
  {
    id: "noncurrent-versions",
    status: "Enabled",
    filter: allObjects,
    noncurrentVersionExpiration: [{ noncurrentDays: noncurrentVersionExpirationDays }],
  },
  ...(glacierTransitionDays === undefined
    ? []
    : [
        {
          id: "glacier-transition",
          status: "Enabled",
          filter: allObjects,
          transition: [{ days: glacierTransitionDays, storageClass: "GLACIER_IR" }],
        },
      ]),
  ...(expirationDays === undefined
    ? []
    : [{ id: "expiration", status: "Enabled", filter: allObjects, expiration: [{ days: expirationDays }] }]),
  ...(prefixExpiration === undefined
    ? []
    : [
        {
          id: "prefix-expiration",
          status: "Enabled",
          filter: [{ prefix: prefixExpiration.prefix }],
          expiration: [{ days: prefixExpiration.days }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        },
      ]),
];
