import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { createS3UploadSigner } from "../../adapters/aws/upload-signer.ts";
import type { Moto } from "./moto.ts";
import type { UploadSignerFixture } from "./upload-signer.ts";

/** The upload signer of an empty moto bucket. */
export const openMotoUploads = async (moto: Moto): Promise<UploadSignerFixture> => {
  const client = new S3Client(moto.client);
  const bucket = `uploads-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const objects = createS3ObjectStore(client);
  return {
    signer: createS3UploadSigner(moto.client, bucket),
    resolve: (url) => url,
    async read(key) {
      const head = await objects.head({ bucket, key });
      return head && { ...head, bytes: await buffer(await objects.read({ bucket, key })) };
    },
    close: async () => client.destroy(),
  };
};
