import type { Construct } from "constructs";
import { DataAwsS3Bucket } from "#aws/data-aws-s3-bucket";
import { S3BucketNotification } from "#aws/s3-bucket-notification";
import { BucketReference } from "./bucket-reference.ts";
import { StageStack } from "./stack.ts";

/**
 * An existing bucket of the team. Only its events to EventBridge are enabled. S3 keeps all notifications of a bucket in one
 * document (S3 API reference, PutBucketNotificationConfiguration), so the existing notifications are imported and kept
 * with every change.
 */
export class ExistingBucket extends BucketReference {
  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id, { name });
    const bucket = new DataAwsS3Bucket(this, "bucket", { bucket: name });
    const events = new S3BucketNotification(this, "events", {
      bucket: bucket.id,
      eventbridge: true,
      lifecycle: {
        ignoreChanges: ["lambda_function", "queue", "topic"],
        // A destroy would also remove the team's notifications.
        preventDestroy: StageStack.of(this).isProtected,
      },
    });
    events.importFrom(name);
  }
}
