import { expect } from "chai";
import type { CheckResult } from "../../../pipeline/text/check-result.ts";
import { runStageChecks } from "../../../terraform/doctor/doctor-stage.ts";
import type { StageTarget } from "../../../terraform/doctor/stage-target.ts";
import {
  type Answers,
  answerBuckets,
  answerCaller,
  answerError,
  answerJson,
  answerS3Error,
  answerStsError,
  answerTags,
  buildTarget,
  forbidden,
  notFound,
  openScriptedAccount,
} from "./scripted-account.ts";

const account = (limit: number, unreserved = limit) =>
  answerJson({ AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } });
const vcpus = (value: number) => answerJson({ Quota: { Value: value } });
const external = (repository: string): Partial<StageTarget> => ({
  image: { repository, digest: `sha256:${"a".repeat(64)}`, contextHash: "" },
});

/** Before the first deployment, in an account that has what the stage needs. */
const fresh: Answers = {
  GetCallerIdentity: answerCaller(),
  HeadObject: notFound,
  HeadBucket: notFound,
  GetAccountSettings: account(1000),
  GetFunctionConcurrency: answerError("ResourceNotFoundException", 404),
  GetServiceQuota: vcpus(4000),
  DescribeImages: answerJson({ imageDetails: [{}] }),
};

/** Runs all checks; `terraform` is left out, which depends on the machine. */
const check = async (
  answers: Answers,
  target: StageTarget = buildTarget(),
): Promise<{ readonly results: readonly CheckResult[]; readonly operations: readonly string[] }> => {
  const stage = await openScriptedAccount({ ...fresh, ...answers }, target.deployment.region);
  try {
    const results = await runStageChecks(target, stage, process.cwd());
    return { results: results.filter(({ name }) => name !== "terraform"), operations: stage.operations };
  } finally {
    await stage.stop();
  }
};

const render = ({ status, message, nextStep }: CheckResult) => `${status}: ${message} → ${nextStep}`;
const findAll = async (name: string, ...args: Parameters<typeof check>): Promise<string> =>
  (await check(...args)).results
    .filter((one) => one.name === name)
    .map(render)
    .join("\n");

describe("doctor --stage", () => {
  it("passes before the first deployment, and names the first step", async () => {
    const { results } = await check({});

    expect(results.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "credentials ok",
      "region ok",
      "bootstrap warning",
      "buckets ok",
      "lambda concurrency ok",
      "fargate quota ok",
      "image ok",
    ]);
    expect(results.map(render).join("\n"))
      .to.include("not yet: the bucket films-dev-state holds no state")
      .and.to.include("npx reelway bootstrap --stage dev")
      .and.to.include("0 exist, 4 not yet");
  });

  it("passes on a deployed stage without a finding", async () => {
    const { results } = await check({
      HeadObject: {},
      HeadBucket: { headers: { "x-amz-bucket-region": "us-east-1" } },
      GetBucketTagging: answerTags({ project: "films", stage: "dev" }),
    });

    expect(results.filter(({ status }) => status !== "ok")).to.deep.equal([]);
  });

  it("asks nothing further of an account whose credentials are not valid", async () => {
    for (const [code, message] of [
      ["ExpiredToken", /^failure: The AWS credentials have expired.*→ Set AWS_PROFILE/],
      ["InvalidClientTokenId", /^failure: The AWS credentials are not valid.*→ Set AWS_PROFILE/],
    ] as const) {
      const { results, operations } = await check({ GetCallerIdentity: answerStsError(code) });

      expect(render(results[0] ?? expect.fail())).to.match(message);
      expect(operations).to.deep.equal(["GetCallerIdentity us-east-1"]);
    }
  });

  it("tells a Region that is not enabled from credentials that are not valid", async () => {
    const answers = {
      "GetCallerIdentity ap-east-1": answerStsError("InvalidClientTokenId"),
      "GetCallerIdentity us-east-1": answerCaller(),
    };
    const target = buildTarget({ region: "ap-east-1" });

    expect(await findAll("region", answers, target)).to.match(
      /^failure: .*ap-east-1.*not enabled.*aws account enable-region --region-name ap-east-1/,
    );
    expect(
      await findAll("credentials", { ...answers, "GetCallerIdentity us-east-1": forbidden }, target),
    ).to.match(/^failure: The AWS credentials are not valid/);
  });

  it("refuses the credentials of another account", async () => {
    expect(await findAll("credentials", {}, buildTarget({ account: "444455556666" }))).to.match(
      /^failure: .*111122223333.*444455556666 → Use credentials of account 444455556666/,
    );
  });

  it("finds taken, foreign and forgotten buckets", async () => {
    const present = { headers: { "x-amz-bucket-region": "us-east-1" } };
    const taken = { "HeadBucket films-input": forbidden, ListBuckets: answerBuckets("films-input-2") };
    expect(await findAll("buckets", taken)).to.equal(
      "failure: films-input is taken by another account → Choose another inputBucket for the stage in reelway.config.ts.",
    );
    expect(await findAll("buckets", { ...taken, ListBuckets: answerBuckets("films-input") })).to.match(
      /^warning: films-input not checked.*s3:ListBucket/,
    );
    expect(await findAll("buckets", { ...taken, ListBuckets: answerS3Error("AccessDenied", 403) })).to.match(
      /^warning: films-input not checked.*s3:ListAllMyBuckets/,
    );
    expect(await findAll("buckets", { "HeadBucket films-dev-code": { status: 301 } })).to.match(
      /^failure: films-dev-code exists in another Region than us-east-1 → Choose another codeBucket/,
    );
    expect(
      await findAll("buckets", {
        "HeadBucket films-output": present,
        "GetBucketTagging films-output": answerS3Error("NoSuchTagSet", 404),
      }),
    ).to.match(
      /^failure: films-output exists.*films dev did not create it → To use it: existingBuckets: true/,
    );
    expect(
      await findAll("buckets", {
        "HeadBucket films-output": present,
        GetBucketTagging: answerTags({ project: "films", stage: "prod" }),
      }),
    ).to.match(/^failure: films-output/);
  });

  it("finds existing buckets that do not exist, or are in another Region", async () => {
    const target = buildTarget({ existingBuckets: true });
    const present = { headers: { "x-amz-bucket-region": "us-east-1" } };
    expect(await findAll("buckets", { "HeadBucket films-input": present }, target)).to.match(
      /^failure: films-output does not exist, and existingBuckets is true → Create it/,
    );
    expect(
      await findAll(
        "buckets",
        { "HeadBucket films-input": { headers: { "x-amz-bucket-region": "eu-west-1" } } },
        target,
      ),
    ).to.match(/^failure: films-input exists in another Region/);
  });

  it("finds keys of existing buckets that the stage's roles may not use", async () => {
    const arn = "arn:aws:kms:us-east-1:111122223333:key/1234";
    const encrypted = (key: string) => ({
      GetBucketEncryption: {
        body: `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${key}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
      },
    });
    const buckets = (settings: object = {}) => buildTarget({ existingBuckets: true, ...settings });
    expect(await findAll("bucket keys", encrypted(arn), buckets())).to.match(
      /^failure: films-input is encrypted with arn.*→ Add the ARN of the key to mediaKmsKeyArns/,
    );
    expect(await findAll("bucket keys", encrypted("alias/films"), buckets())).to.include(
      "aws kms describe-key --region us-east-1 --key-id alias/films",
    );
    for (const key of [arn, "1234"])
      expect(await findAll("bucket keys", encrypted(key), buckets({ mediaKmsKeyArns: [arn] }))).to.match(
        /^ok: /,
      );
    expect(await findAll("bucket keys", encrypted("alias/aws/s3"), buckets())).to.match(/^ok: /);
    expect(
      await findAll(
        "bucket keys",
        {},
        buildTarget({ mediaKmsKeyArns: [arn.replace("us-east-1", "eu-west-1")] }),
      ),
    ).to.match(/^failure: .*another Region than us-east-1/);
  });

  it("sums the reservations of the synthesized functions, and proposes to reserve none", async () => {
    expect(await findAll("lambda concurrency", { GetAccountSettings: account(10) })).to.match(
      /^failure: the functions of dev reserve 60 more .* 10 unreserved of 10.*reserveConcurrency: false.*--quota-code L-B99A9384 --desired-value 160$/,
    );
    expect(await findAll("lambda concurrency", { GetAccountSettings: account(160) })).to.match(/^ok: 60 /);
    expect(await findAll("lambda concurrency", { GetAccountSettings: account(159) })).to.match(/^failure: /);
    expect(
      await findAll(
        "lambda concurrency",
        { GetAccountSettings: account(10) },
        buildTarget({ reserveConcurrency: false }),
      ),
    ).to.match(/^warning: all functions of the account run at most 10 times at once.*--desired-value 1000$/);
  });

  it("does not count what the stage has reserved already", async () => {
    const answers = {
      GetAccountSettings: account(160, 100),
      "GetFunctionConcurrency films-dev-api": answerJson({ ReservedConcurrentExecutions: 50 }),
      "GetFunctionConcurrency films-dev-router": answerJson({ ReservedConcurrentExecutions: 10 }),
    };
    expect(await findAll("lambda concurrency", answers)).to.match(/^ok: /);
    expect(
      await findAll("lambda concurrency", {
        ...answers,
        "GetFunctionConcurrency films-dev-router": answerError("ResourceNotFoundException", 404),
      }),
    ).to.match(/^failure: the functions of dev reserve 10 more/);
  });

  it("compares the quota of Fargate with the largest task and the jobs at once", async () => {
    expect(await findAll("fargate quota", { GetServiceQuota: vcpus(2) })).to.match(
      /^failure: .* 2 vCPUs at once, and the largest task of the stage has 4.*--quota-code L-3032A538 --desired-value 200; or/,
    );
    expect(await findAll("fargate quota", { GetServiceQuota: vcpus(6) })).to.match(
      /^warning: 6 vCPUs of the account run 3 transcode tasks of 2 vCPU at once, and transcoderConcurrency is 100/,
    );
    const few = buildTarget({ transcoderConcurrency: 3 });
    expect(await findAll("fargate quota", { GetServiceQuota: vcpus(6) }, few)).to.match(/^ok: 6 vCPUs/);
    const spot = buildTarget({ worker: { capacityProvider: "FARGATE_SPOT" } });
    expect(await findAll("fargate quota", { "GetServiceQuota L-36FBB829": vcpus(6) }, spot)).to.match(
      /^warning: .*L-36FBB829/,
    );
  });

  it("uses AWS's default where the account has no quota of its own", async () => {
    expect(
      await findAll("fargate quota", {
        GetServiceQuota: answerError("NoSuchResourceException"),
        GetAWSDefaultServiceQuota: vcpus(6),
      }),
    ).to.match(/^warning: 6 vCPUs/);
  });

  it("refuses an image that tasks cannot pull", async () => {
    const image = external("ghcr.io/films/ffmpeg");
    expect(await findAll("image", {}, buildTarget({}, image))).to.match(
      /^failure: tasks cannot pull ghcr\.io.*only Amazon ECR in us-east-1 → Set network: "public"/,
    );
    expect(await findAll("image", {}, buildTarget({ network: "public" }, image))).to.match(/^ok: /);
    const other = external("111122223333.dkr.ecr.eu-west-1.amazonaws.com/ffmpeg");
    expect(await findAll("image", {}, buildTarget({}, other))).to.match(/^failure: tasks cannot pull/);
    const own = buildTarget({}, external("111122223333.dkr.ecr.us-east-1.amazonaws.com/team/ffmpeg"));
    expect(await findAll("image", {}, own)).to.match(/^ok: team\/ffmpeg contains sha256/);
    expect(await findAll("image", { DescribeImages: answerError("ImageNotFoundException") }, own)).to.match(
      /^warning: .*does not contain sha256/,
    );
  });

  it("warns about what it may not read, and names the action", async () => {
    const denied = answerError("AccessDeniedException");
    const { results } = await check({
      HeadObject: forbidden,
      HeadBucket: forbidden,
      ListBuckets: answerS3Error("AccessDenied", 403),
      GetAccountSettings: denied,
      GetServiceQuota: denied,
      DescribeImages: denied,
    });

    expect(results.filter(({ status }) => status === "failure")).to.deep.equal([]);
    const texts = results.map(render).join("\n");
    for (const action of [
      "s3:GetObject",
      "s3:ListBucket",
      "lambda:GetAccountSettings",
      "servicequotas:GetServiceQuota",
      "ecr:DescribeImages",
    ])
      expect(texts).to.include(action);
    expect(
      await findAll("lambda concurrency", {
        GetAccountSettings: account(10),
        GetFunctionConcurrency: denied,
      }),
    ).to.match(/^warning: not checked: .*lambda:GetFunctionConcurrency/);
  });

  it("warns about services that fail or cannot be reached", async () => {
    const { results } = await check({
      GetAccountSettings: answerError("NotImplemented", 501),
      GetServiceQuota: answerError("NotImplemented", 501),
    });

    expect(results.filter(({ status }) => status === "failure")).to.deep.equal([]);
    expect(results.map(render).join("\n")).to.match(/warning: not checked: AWS returned NotImplemented/);
  });

  it("gives each finding a next step, and each text one line", async () => {
    const findings = await Promise.all([
      check({}),
      check({ HeadBucket: forbidden, ListBuckets: answerBuckets() }),
      check({ GetAccountSettings: account(10), GetServiceQuota: vcpus(2) }),
      check({ GetCallerIdentity: answerStsError("ExpiredToken") }),
    ]);
    for (const { status, message, nextStep } of findings.flatMap(({ results }) => results)) {
      if (status !== "ok") expect(nextStep, message).to.be.a("string").and.not.to.equal("");
      expect(`${message}${nextStep}`).not.to.include("\n");
    }
  });
});
