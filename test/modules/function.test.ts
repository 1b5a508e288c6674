import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BundledFunction } from "../../modules/function.ts";
import type { FunctionPackage } from "../../modules/function-package.ts";
import { HttpApi } from "../../modules/http-api.ts";
import { EventQueue, Queue } from "../../modules/queue.ts";
import { Schedule } from "../../modules/schedule.ts";
import { keyArn, statements, synthesizeStack } from "./synthesize-stack.ts";

describe("BundledFunction", () => {
  let folder: string;
  let code: FunctionPackage;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-function-"));
    await writeFile(join(folder, "code.zip"), "code");
    code = { path: join(folder, "code.zip"), sha256: "c2hh", sha256Hex: "736861", bytes: 4 };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const synthesizeFunction = (settings: Readonly<Record<string, unknown>> = {}) =>
    synthesizeStack((stack) => {
      const deadLetterQueue = new Queue(stack, "lost", { name: "lost" });
      const run = new BundledFunction(stack, "router", {
        name: "reelway-dev-router",
        description: "Routes",
        code,
        environment: { JOBS_TABLE: "jobs" },
        timeoutSeconds: 60,
        reservedConcurrency: 3,
        deadLetterQueue,
      });
      run.role.addPermission({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::in/*"] });
      run.consume(new EventQueue(stack, "uploads", { name: "uploads", consumerTimeoutSeconds: 60 }), 4);
      new Schedule(stack, "hourly", {
        name: "hourly",
        expression: "rate(1 hours)",
        lambdaFunction: run,
        deadLetterQueue,
      });
      new HttpApi(stack, "api", {
        name: "api",
        description: "An API",
        lambdaFunction: run,
        throttling: { rateLimit: 5, burstLimit: 9 },
      });
    }, settings);

  it("runs on Node 22 on ARM with tracing, and its environment encrypted with the stage's key", () => {
    expect(synthesizeFunction().one("aws_lambda_function")).to.deep.include({
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      kms_key_arn: keyArn,
      tracing_config: { mode: "Active" },
      environment: {
        variables: { NODE_OPTIONS: "--enable-source-maps", STAGE: "reelway-dev", JOBS_TABLE: "jobs" },
      },
    });
  });

  it("is deployed as an object named by its content", () => {
    expect(synthesizeFunction().one("aws_s3_object")).to.include({
      bucket: "reelway-dev-code",
      key: "reelway-dev-router/736861.zip",
      source_hash: "c2hh",
    });
    expect(synthesizeFunction().one("aws_lambda_function")).to.include({ source_code_hash: "c2hh" });
  });

  it("reserves its concurrency, unless the account is too young", () => {
    expect(synthesizeFunction().one("aws_lambda_function").reserved_concurrent_executions).to.equal(3);
    expect(
      synthesizeFunction({ reserveConcurrency: false }).one("aws_lambda_function")
        .reserved_concurrent_executions,
    ).to.equal(-1);
  });

  it("writes its own log, with the stage's retention", () => {
    const [group] = synthesizeFunction({ logRetentionDays: 731 })
      .all("aws_cloudwatch_log_group")
      .filter(({ name }) => name === "/aws/lambda/reelway-dev-router");

    expect(group).to.include({ retention_in_days: 731, kms_key_id: keyArn });
  });

  it("consumes messages with partial batch responses and the configured concurrency", () => {
    expect(synthesizeFunction().one("aws_lambda_event_source_mapping")).to.deep.include({
      function_response_types: ["ReportBatchItemFailures"],
      scaling_config: { maximum_concurrency: 4 },
    });
  });

  it("is invoked on a schedule by a role with no other permission", () => {
    const stage = synthesizeFunction();
    const [policy] = stage
      .all("aws_iam_role_policy")
      .filter(({ role }) => String(role).includes("hourly"))
      .map((one) => statements(one.policy));

    expect(stage.one("aws_scheduler_schedule")).to.deep.include({
      schedule_expression: "rate(1 hours)",
      kms_key_arn: keyArn,
    });
    expect(policy?.flatMap(({ Action }) => Action)).to.deep.equal([
      "lambda:InvokeFunction",
      "sqs:SendMessage",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ]);
  });

  it("serves an HTTP API that logs every request", () => {
    const stage = synthesizeFunction();

    expect(stage.one("aws_lambda_permission").principal).to.equal("apigateway.amazonaws.com");
    expect(stage.one("aws_lambda_permission").source_arn).to.match(
      /^\$\{aws_apigatewayv2_api\..*\.execution_arn\}\/\*$/,
    );
    expect(stage.one("aws_apigatewayv2_stage")).to.deep.include({
      name: "$default",
      default_route_settings: { throttling_rate_limit: 5, throttling_burst_limit: 9 },
    });
    expect(stage.one("aws_apigatewayv2_stage").access_log_settings)
      .to.have.property("format")
      .that.includes("$context.status");
  });
});
