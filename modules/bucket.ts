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

export interface PrivateBucketProps {
  /** Globally unique. A change REPLACES the bucket, which `prevent_destroy` refuses. */
  readonly name: string;
  /** ARN of the key that objects are encrypted by. @default S3's own key, the only one its access logs know */
  readonly keyArn?: string;
  /** Bucket that S3 writes to who used this one. @default nobody is told */
  readonly logBucket?: string;
  /** Days that a replaced or deleted version is kept. */
  readonly noncurrentVersionExpirationDays: number;
  /** Days after which an object is moved to S3 Glacier Instant Retrieval, at least 30. @default never */
  readonly glacierTransitionDays?: number;
  /** Days after which an object is deleted. @default never */
  readonly expirationDays?: number;
  /** Tells EventBridge of every object. @default false */
  readonly eventBridgeEnabled?: boolean;
  /** Statements of the bucket's policy besides TLS. @default none */
  readonly policyStatements?: readonly Statement[];
}

/** A bucket that nobody outside sees: private, versioned, encrypted, over TLS alone. */
export class PrivateBucket extends BucketReference {
  /** Known once the bucket and its policy are made: S3 writes logs only where a policy lets it. */
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
      // Rules for noncurrent versions are refused while there is no versioning.
      dependsOn: [versioning],
    });
    const policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: renderPolicyDocument([
        denyInsecureTransport("s3:*", [formatBucketArn(name), `${formatBucketArn(name)}/*`]),
        ...(props.policyStatements ?? []),
      ]),
      // The block must stand before any policy does, else S3 refuses one of the two calls.
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
];
