import type { Construct } from "constructs";
import { DataAwsS3Bucket } from "#aws/data-aws-s3-bucket";
import { S3BucketNotification } from "#aws/s3-bucket-notification";
import { BucketReference } from "./bucket-reference.ts";
import { StageStack } from "./stack.ts";

/**
 * A bucket that a team has already: it is only told to tell EventBridge of its objects. S3 keeps all of a bucket's
 * notifications as one document (S3 API reference, PutBucketNotificationConfiguration), so what stands there is taken
 * over as it is, and put back with every change.
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
        // Destroyed, the document is emptied: what the team has in it as well.
        preventDestroy: StageStack.of(this).isProtected,
      },
    });
    events.importFrom(name);
  }
}
