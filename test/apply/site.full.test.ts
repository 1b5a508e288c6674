import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import * as z from "zod";
import { App } from "#cdktf";
import { buildDeploymentNames } from "../../modules/names.ts";
import type { PlaybackPublicKey } from "../../modules/playback-keys.ts";
import { unprotectedContextKey } from "../../modules/stack.ts";
import { SiteStack } from "../../stacks/site.ts";
import { describePublicKey } from "../../terraform/playback/key-record.ts";
import { openTerraform, type Terraform } from "../../terraform/runner/terraform.ts";
import type { Moto } from "../contract/moto.ts";
import { deployment } from "../modules/synthesize-stack.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";
import { type AwsProvider, listTypes, startAwsProvider } from "./aws-provider.ts";
import { startEmulator } from "./emulator.ts";

const newKey = () => describePublicKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const customDomain = {
  domainName: "media.example.com",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/5f2d8f2e-7a4b-4a57-9d0c-1f6d3f2f8f10",
  webAcl: "create",
};
const parameterSchema = z.object({
  domainName: z.string(),
  keyIds: z.record(z.string(), z.string()),
  originVerifySecretArn: z.string(),
});
const stage = deployment();
const names = buildDeploymentNames(stage);

describe("the stack site, applied by Terraform", () => {
  let folder: string;
  let moto: Moto;
  let provider: AwsProvider;
  let s3: S3Client;
  let terraform: Terraform;
  const [older, newer] = [newKey(), newKey()];

  /** Creates a user pool, by the name of the call: the emulator checks no signature. */
  const createUserPool = async (endpoint: string): Promise<string> => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIATEST/20261129/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=none",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.CreateUserPool",
      },
      body: JSON.stringify({ PoolName: "users" }),
    });
    return z.object({ UserPool: z.object({ Id: z.string() }) }).parse(await response.json()).UserPool.Id;
  };
  const putState = (stack: string, outputs: Readonly<Record<string, string>>) =>
    s3.send(
      new PutObjectCommand({
        Bucket: names.stateBucket,
        Key: `dev/${stack}.tfstate`,
        Body: JSON.stringify({
          version: 4,
          terraform_version: "1.11.4",
          serial: 1,
          lineage: stack,
          resources: [],
          outputs: Object.fromEntries(
            Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }]),
          ),
        }),
      }),
    );

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), "reelway-site-"));
    moto = await startEmulator();
    s3 = new S3Client(moto.client);
    for (const Bucket of [names.stateBucket, names.logBucket, stage.inputBucket])
      await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: names.logBucket,
        Policy: JSON.stringify({
          Statement: [
            { Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" },
          ],
        }),
      }),
    );
    await putState("state", { key_arn: "arn:aws:kms:us-east-1:123456789012:key/stage" });
    await putState("api", {
      endpoint: "https://abcdef.execute-api.us-east-1.amazonaws.com",
      user_pool_id: await createUserPool(moto.client.endpoint),
    });
  });
  after(async function () {
    this.timeout(30_000);
    await Promise.all([moto.close(), provider.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const synthesize = (
    site: Readonly<Record<string, unknown>>,
    playbackKeys: readonly PlaybackPublicKey[],
  ) => {
    const app = new App({ outdir: folder, context: { [unprotectedContextKey]: ["site"] } });
    new SiteStack(app, { deployment: deployment({ site }), playbackKeys });
    app.synth();
  };
  const open = async (): Promise<void> => {
    const directory = join(folder, "stacks/dev-site");
    const environment = motoEnvironment(moto);
    provider = await startAwsProvider(environment, await listTypes([directory]), directory);
    terraform = await openTerraform({ directory, environment: { ...environment, ...provider.environment } });
    await terraform.init();
  };
  const apply = async () => {
    const { planPath, counts } = await terraform.plan();
    await terraform.apply(planPath);
    return counts;
  };
  const readStored = async () => {
    const resources = await terraform.resources();
    const find = (type: string) => resources.find((resource) => resource.type === type)?.values ?? {};
    return {
      parameter: parameterSchema.parse(JSON.parse(z.string().parse(find("aws_ssm_parameter").value))),
      origins: JSON.stringify(find("aws_cloudfront_distribution").origin),
    };
  };

  it("creates everything, with a custom domain and a web ACL, and then plans no difference", async function () {
    this.timeout(900_000);
    synthesize({ ...customDomain }, [older]);
    await open();
    await apply();

    const { parameter, origins } = await readStored();
    const { SecretString } = await new SecretsManagerClient(moto.client).send(
      new GetSecretValueCommand({ SecretId: parameter.originVerifySecretArn }),
    );
    expect(parameter.domainName).to.equal("media.example.com");
    expect(Object.keys(parameter.keyIds)).to.deep.equal([older.fingerprint]);
    expect(SecretString).to.have.length(40);
    expect(origins).to.include(JSON.stringify([{ name: "x-origin-verify", value: SecretString }]));
    expect((await terraform.plan()).hasChanges).to.equal(false);
  });

  it("publishes the page: a document for this stage, and the assets that it names", async () => {
    const read = async (Key: string) => s3.send(new GetObjectCommand({ Bucket: names.siteBucket, Key }));
    const document = await read("index.html");
    const html = (await document.Body?.transformToString()) ?? "";
    expect(document.CacheControl).to.equal("no-cache");
    expect(html).to.include(`connect-src 'self' https://${stage.inputBucket}.s3.us-east-1.amazonaws.com/`);
    const assets = [...html.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, key = ""]) => key);
    expect(assets.map((key) => extname(key))).to.include.members([".js", ".css", ".svg"]);
    for (const key of assets) {
      const asset = await read(key);
      expect(asset.CacheControl, key).to.equal("public, max-age=31536000, immutable");
      expect(asset.ContentType, key).to.match(
        /^(text\/(javascript|css|plain); charset=utf-8|image\/svg\+xml)$/,
      );
    }
  });

  it("adds a key, and removes the older one after its group", async function () {
    this.timeout(900_000);
    synthesize({ ...customDomain }, [newer, older]);
    expect(await apply()).to.deep.include({ add: 1, remove: 0 });
    synthesize({ ...customDomain }, [newer]);
    // The emulator refuses to delete a key of a group, as CloudFront does.
    expect(await apply()).to.deep.include({ add: 0, remove: 1 });
    expect(Object.keys((await readStored()).parameter.keyIds)).to.deep.equal([newer.fingerprint]);
    expect((await terraform.plan()).hasChanges).to.equal(false);
  });

  it("returns to CloudFront's domain, and allows uploads from it", async function () {
    this.timeout(900_000);
    synthesize({}, [newer]);
    await apply();

    const { domainName } = (await readStored()).parameter;
    const { CORSRules } = await s3.send(new GetBucketCorsCommand({ Bucket: stage.inputBucket }));
    expect(domainName).to.match(/\.cloudfront\.net$/);
    expect(CORSRules?.map(({ AllowedOrigins }) => AllowedOrigins)).to.deep.equal([[`https://${domainName}`]]);
    expect((await terraform.plan()).hasChanges).to.equal(false);
  });

  it("is destroyed", async function () {
    this.timeout(900_000);
    await terraform.destroy();

    expect(await terraform.resources()).to.deep.equal([]);
  });
});
