import { Construct } from "constructs";
import { DataAwsS3Bucket } from "#aws/data-aws-s3-bucket";
import { S3BucketNotification } from "#aws/s3-bucket-notification";

/** A bucket that a team has already: it is only told to tell EventBridge of its objects. */
export class ExistingBucket extends Construct {
  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    const bucket = new DataAwsS3Bucket(this, "bucket", { bucket: name });
    new S3BucketNotification(this, "events", { bucket: bucket.id, eventbridge: true });
  }
}
