import { randomUUID } from "node:crypto";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { type Moto, startMoto } from "./moto.ts";
import { describeObjectStoreContract } from "./object-store.ts";

describe("the ports on AWS", () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.close());

  describeObjectStoreContract("S3", async () => {
    const client = new S3Client(moto.client);
    const bucket = `objects-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    return { bucket, open: () => createS3ObjectStore(client) };
  });
});
