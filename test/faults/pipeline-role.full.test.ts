import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { localTableNames } from "../../adapters/local/database.ts";
import { parseCreateJob } from "../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { Pipeline } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { type Moto, startMoto } from "../contract/moto.ts";
import { type Bench, makeMedia, openBench } from "./worker-bench.ts";

const account = "123456789012";
const buildRoleArn = (role: string): string => `arn:aws:iam::${account}:role/${role}`;
const taskRole = "reelway-dev-ffmpeg-task";
const buckets = ["own-input", "own-output", "films-input", "films-output"] as const;
const allowBuckets = (...names: readonly string[]) => ({
  Effect: "Allow",
  Action: "s3:*",
  Resource: names.flatMap((name) => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]),
});
const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const pipeline = (input: string, output: string, role: string): Pipeline => {
  const config = { Bucket: output, StorageClass: "Standard" as const, Permissions: [] };
  return {
    Id: "1111111111111-reelwy",
    Arn: `arn:aws:elastictranscoder:us-east-1:${account}:pipeline/1111111111111-reelwy`,
    Name: "films",
    Status: "Active",
    InputBucket: input,
    OutputBucket: output,
    Role: buildRoleArn(role),
    Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
    ContentConfig: config,
    ThumbnailConfig: config,
  };
};

describe("the worker on a pipeline with other buckets, with IAM enforced", function () {
  this.timeout(240_000);
  let moto: Moto;
  let bench: Bench;
  let environment: Record<string, string>;
  let s3: S3Client;
  before(async () => {
    [moto, bench] = await Promise.all([startMoto(), openBench()]);
    const iam = new IAMClient(moto.client);
    // To AWS a role's ARN stands for all of its sessions; moto 5.2.1 compares that of the session alone.
    const session = `arn:aws:sts::${account}:assumed-role/${taskRole}/task`;
    const buildTrustPolicy = (...AWS: readonly string[]): string =>
      policy({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });
    const role = async (name: string, trust: string, document: string): Promise<void> => {
      await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
      await iam.send(
        new PutRolePolicyCommand({ RoleName: name, PolicyName: "uses", PolicyDocument: document }),
      );
    };
    const assumeRoleStatement = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: ["films", "closed"].map(buildRoleArn),
    };
    const films = policy(allowBuckets("films-input", "films-output"));
    await role(
      taskRole,
      buildTrustPolicy(buildRoleArn("ecs")),
      policy(allowBuckets("own-input", "own-output"), assumeRoleStatement),
    );
    await role("films", buildTrustPolicy(buildRoleArn(taskRole), session), films);
    await role("closed", buildTrustPolicy(buildRoleArn("elastictranscoder")), films);
    await iam.send(new CreateUserCommand({ UserName: "admin" }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName: "admin",
        PolicyName: "all",
        PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
      }),
    );
    const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: "admin" }));
    const { Credentials: worker } = await new STSClient(moto.client).send(
      new AssumeRoleCommand({ RoleArn: buildRoleArn(taskRole), RoleSessionName: "task" }),
    );
    s3 = new S3Client({
      ...moto.client,
      credentials: { accessKeyId: key?.AccessKeyId ?? "", secretAccessKey: key?.SecretAccessKey ?? "" },
    });
    environment = {
      OBJECT_STORE: "s3",
      STAGE_BUCKETS: "own-input,own-output",
      AWS_ENDPOINT_URL: moto.client.endpoint,
      AWS_ACCESS_KEY_ID: worker?.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: worker?.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: worker?.SessionToken ?? "",
      JOB_TABLE: localTableNames.transcoder,
    };
    const clip = join(bench.root, "clip.mp4");
    makeMedia(..."-f lavfi -i testsrc2=s=320x180:r=30:d=2 -c:v libx264 -pix_fmt yuv420p".split(" "), clip);
    for (const Bucket of buckets) await s3.send(new CreateBucketCommand({ Bucket }));
    for (const Bucket of ["own-input", "films-input"])
      await s3.send(new PutObjectCommand({ Bucket, Key: "clip.mp4", Body: await readFile(clip) }));
    await fetch(`${moto.client.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  });
  after(() => Promise.all([bench.close(), moto.close()]));

  /** Processes one job of a pipeline; returns the worker's exit code and the stored job. */
  const runJob = async (jobPipeline: Pipeline, key: string, more: Record<string, string> = {}) => {
    const preset = "1351620000001-000061";
    const request = parseCreateJob({
      PipelineId: jobPipeline.Id,
      Input: { Key: "clip.mp4" },
      Output: { Key: key, PresetId: preset },
    });
    const systemPreset = findSystemPreset(preset);
    const { id, attempt } = await bench.transcoder.create(
      buildTranscoderJob(request, {
        pipeline: jobPipeline,
        presets: new Map(systemPreset === undefined ? [] : [[preset, systemPreset]]),
        limits: { maxSourceMinutes: 10, maxVideoPixels: 1e8, maxImagePixels: 1e8 },
        now: Date.now(),
      }),
    );
    const { code } = await bench.run({ id, attempt }, { ...environment, ...more });
    return { code, report: (await bench.transcoder.read(id))?.report };
  };
  const listKeys = async (bucket: string) =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key);

  it("reads and writes them with the pipeline's role", async () => {
    const { code, report } = await runJob(pipeline("films-input", "films-output", "films"), "both.mp4");
    expect({ code, error: report?.error }).to.deep.equal({ code: 0, error: undefined });
    expect(await listKeys("films-output")).to.include("both.mp4");
  });

  it("reads its own bucket with its own role and writes another with the pipeline's", async () => {
    const { code, report } = await runJob(pipeline("own-input", "films-output", "films"), "one.mp4");
    expect({ code, error: report?.error }).to.deep.equal({ code: 0, error: undefined });
    expect(await listKeys("films-output")).to.include("one.mp4");
  });

  it("uses only its own role for its own buckets", async () => {
    const { code, report } = await runJob(pipeline("own-input", "own-output", "closed"), "own.mp4");
    expect({ code, error: report?.error }).to.deep.equal({ code: 0, error: undefined });
    expect(await listKeys("own-output")).to.deep.equal(["own.mp4"]);
  });

  it("ends with 2000 if the role cannot be assumed, and names the principal to allow", async () => {
    const { code, report } = await runJob(pipeline("films-input", "films-output", "closed"), "closed.mp4");
    expect({ code, errorCode: report?.error?.code, retryable: report?.error?.retryable }).to.deep.equal({
      code: 64,
      errorCode: 2000,
      retryable: false,
    });
    expect(report?.error?.message)
      .to.include(`Role ${buildRoleArn("closed")} of the pipeline cannot be assumed`)
      .and.include(`Allow ${buildRoleArn(taskRole)} to call sts:AssumeRole `);
    expect(await listKeys("films-output")).not.to.include("closed.mp4");
  });

  it("is denied access to such buckets with its own role", async () => {
    const jobPipeline = pipeline("films-input", "films-output", "films");
    const { report } = await runJob(jobPipeline, "denied.mp4", { STAGE_BUCKETS: buckets.join(",") });
    expect({ code: report?.error?.code, retryable: report?.error?.retryable }).to.deep.equal({
      code: 3003,
      retryable: true,
    });
  });
});
