import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { StateLockedError } from "../../terraform/runner/errors.ts";
import { openTerraform, type Terraform } from "../../terraform/runner/terraform.ts";
import { type Moto, startMoto } from "../contract/moto.ts";

const Bucket = "reelway-dev-state";
const Key = "dev/storage.tfstate";

/** Follows the steps of docs/state.md. */
describe("a state in its bucket", () => {
  let moto: Moto;
  let s3: S3Client;
  let folder: string;
  let directory: string;
  let environment: Record<string, string>;
  let terraform: Terraform;
  const write = (input: string) =>
    writeFile(
      join(directory, "cdk.tf.json"),
      JSON.stringify({
        terraform: { backend: { s3: { bucket: Bucket, key: Key, region: "us-east-1", use_lockfile: true } } },
        resource: { terraform_data: { table: { input } } },
      }),
    );
  const apply = async (input: string) => {
    await write(input);
    const { planPath } = await terraform.plan();
    await terraform.apply(planPath);
  };
  const stored = async () => (await terraform.pullState())?.text ?? "";

  before(async () => {
    moto = await startMoto();
    s3 = new S3Client({ ...moto.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    folder = await mkdtemp(join(tmpdir(), "reelway-state-test-"));
    directory = join(folder, "dev-storage");
    await mkdir(directory);
    const { endpoint, credentials } = moto.client;
    environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
    };
    await write("one");
    terraform = await openTerraform({ directory, environment });
    await terraform.init();
    await apply("one");
    await apply("two");
  });
  after(async () => {
    s3.destroy();
    await rm(folder, { recursive: true, force: true });
    await moto.close();
  });

  it("is restored from an earlier version, and Terraform continues", async () => {
    expect(await stored())
      .to.contain('"two"')
      .and.to.not.contain('"one"');
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const [, earlier] = Versions.filter((version) => version.Key === Key);
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key,
        CopySource: `${Bucket}/${Key}?versionId=${earlier?.VersionId}`,
      }),
    );
    expect(await stored())
      .to.contain('"one"')
      .and.to.not.contain('"two"');
    expect(await terraform.plan()).to.deep.include({ hasChanges: true });
    await apply("two");
    expect(await stored()).to.contain('"two"');
  });

  it("is restored after deletion by removing the delete marker", async () => {
    const before = await stored();
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await terraform.pullState()).to.equal(undefined);
    const { DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const mark = DeleteMarkers.find((one) => one.Key === Key && one.IsLatest);
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: mark?.VersionId }));
    expect(await stored()).to.equal(before);
  });

  it("is unlocked by removing a stale lock by its id", async () => {
    const ID = "6a3ff3b8-9f2f-4a06-8a9b-8b8f0c6f3c11";
    const lock = {
      ID,
      Operation: "OperationTypeApply",
      Info: "",
      Who: "ci@runner",
      Version: "1.11.4",
      Created: "2026-11-20T10:00:00Z",
      Path: `${Bucket}/${Key}`,
    };
    await s3.send(new PutObjectCommand({ Bucket, Key: `${Key}.tflock`, Body: JSON.stringify(lock) }));
    const locked: unknown = await terraform.plan().catch((cause: unknown) => cause);
    expect(locked).to.be.instanceOf(StateLockedError).and.to.include({ id: ID, who: "ci@runner" });
    expect(await terraform.plan({ lock: false })).to.deep.include({ hasChanges: false });
    await promisify(execFile)("terraform", ["force-unlock", "-force", ID], {
      cwd: directory,
      env: { ...process.env, ...environment },
    });
    expect(await terraform.plan()).to.deep.include({ hasChanges: false });
    const left = await s3
      .send(new HeadObjectCommand({ Bucket, Key: `${Key}.tflock` }))
      .catch((cause: unknown) => cause);
    expect(left).to.be.instanceOf(Error).and.to.include({ name: "NotFound" });
  });
});
