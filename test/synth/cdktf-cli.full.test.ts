import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { CreateBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import * as z from "zod";
import { type Moto, startMoto } from "../contract/moto.ts";
import { createClone } from "./clone.ts";

const stackSchema = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())),
  terraform: z.looseObject({
    backend: z.looseObject({ s3: z.looseObject({ bucket: z.string(), key: z.string() }) }),
  }),
});
const manifestSchema = z.looseObject({ stacks: z.record(z.string(), z.unknown()) });

describe("the cdktf CLI", () => {
  let folder: string;
  let root: string;
  let moto: Moto;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-cdktf-"));
    [moto, { root }] = await Promise.all([
      startMoto(),
      createClone(join(folder, "clone"), {
        filesFrom: new Date("2025-01-01"),
        clockMs: 0,
        timeZone: "UTC",
        umask: "022",
      }),
    ]);
  });
  after(async () => {
    await moto?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs `npx cdktf …` in the clone, with the address and keys of the emulator as every AWS client takes them. */
  const cdktf = async (...args: readonly string[]): Promise<string> => {
    const { CDKTF_OUTDIR: _, REELWAY_CONFIG: __, ...env } = process.env;
    const { endpoint, region, credentials } = moto.client;
    const { stdout } = await promisify(execFile)(join(root, "node_modules/.bin/cdktf"), args, {
      cwd: root,
      maxBuffer: 2 ** 26,
      env: {
        ...env,
        NO_COLOR: "1",
        CI: "1",
        CHECKPOINT_DISABLE: "1",
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    return stripVTControlCharacters(stdout);
  };
  const readJson = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(root, "cdktf.out", path), "utf8"));

  it("synthesizes the stacks and lists them", async () => {
    const listed = await cdktf("list");

    const { stacks } = manifestSchema.parse(await readJson("manifest.json"));
    expect(Object.keys(stacks)).to.include("dev-registry");
    for (const name of Object.keys(stacks)) expect(listed).to.include(`cdktf.out/stacks/${name}`);
  });

  it("plans, deploys by pattern, and then finds no changes", async () => {
    const { terraform, resource } = stackSchema.parse(await readJson("stacks/dev-registry/cdk.tf.json"));
    const count = Object.values(resource).flatMap((ofType) => Object.keys(ofType)).length;
    const { bucket: Bucket, key: Key } = terraform.backend.s3;
    const s3 = new S3Client(moto.client);
    await s3.send(new CreateBucketCommand({ Bucket }));

    // Offline: with the provider from a mirror there is no registry to ask for other machines' hashes.
    const planned = await cdktf("plan", "dev-registry", "--skip-provider-lock");
    const deployed = await cdktf(
      "deploy",
      "dev-reg*",
      "--auto-approve",
      "--skip-provider-lock",
      "--ignore-missing-stack-dependencies",
    );
    const again = await cdktf("diff", "dev-registry", "--skip-provider-lock");

    expect(planned).to.include(`Plan: ${count} to add, 0 to change, 0 to destroy.`);
    expect(deployed).to.include(`Apply complete! Resources: ${count} added, 0 changed, 0 destroyed.`);
    expect(again).to.include("No changes.");
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).to.be.above(0);
  });
});
