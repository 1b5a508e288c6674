import { randomUUID } from "node:crypto";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { createS3SourceSigner } from "../../adapters/aws/source-signer.ts";
import type { Moto } from "./moto.ts";
import type { SourceSignerFixture } from "./source-signer.ts";

/** The source signer of an empty moto bucket with versions. */
export const openMotoSources = async (moto: Moto): Promise<SourceSignerFixture> => {
  const client = new S3Client(moto.client);
  const bucket = `sources-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  return {
    signer: createS3SourceSigner(client),
    bucket,
    objects: createS3ObjectStore(client),
    resolve: (url) => url,
    close: async () => client.destroy(),
  };
};
