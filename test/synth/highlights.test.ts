import { expect } from "chai";
import * as z from "zod";
import { serializeLimits } from "../../pipeline/configuration/route-schema.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import defaults from "../../reelway.config.ts";
import {
  findResource,
  listResources,
  listStatements,
  type Synthesis,
  synthesize,
  synthesizeWhole,
} from "./synthesize.ts";

const account = "${" + "data.aws_caller_identity.account.account_id}";

describe("the stack highlights", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesizeWhole();
  });
  const highlights = () => synthesis.stack("dev-highlights");
  const watcher = (channel: string) =>
    findResource(highlights(), "aws_lambda_function", `reelway-dev-watcher-${channel}`, "function_name");
  const readActions = (role: string) =>
    listStatements(highlights(), role).flatMap(({ Action, Resource }) =>
      Action.map((action) => [action, Resource.map((arn) => arn.replace(/^arn:.*:/, ""))] as const),
    );

  it("exists only for a stage with a channel", async () => {
    expect([...synthesis.files.keys()].filter((path) => path.includes("-highlights"))).to.deep.equal([
      "stacks/dev-highlights/cdk.tf.json",
    ]);
    const without = await synthesize({});
    expect([...without.files.keys()].filter((path) => path.includes("-highlights"))).to.deep.equal([]);
    // A stage without a channel has neither the permission, the rows of the dashboard, nor the rule of the archive.
    for (const stack of ["state", "storage", "routing"]) {
      const text = without.files.get(`stacks/dev-${stack}/cdk.tf.json`)?.toString();
      expect(text, stack)
        .to.be.a("string")
        .and.not.match(/rekognition|Detection|archive\/|watcher/);
    }
  }).timeout(60_000);

  it("runs the program of the worker's image, with the channel's memory, in the image's architecture", () => {
    const { image_uri, ...rest } = watcher("news");

    // The image record has no digest, as for the tasks.
    expect(image_uri).to.equal("${" + "var.worker_image}");
    expect(rest).to.deep.include({
      package_type: "Image",
      architectures: ["x86_64"],
      image_config: {
        entry_point: ["/usr/bin/node", "/app/watcher.cjs"],
        working_directory: "/tmp",
      },
      memory_size: 3008,
      ephemeral_storage: { size: 2048 },
      timeout: 75,
      reserved_concurrent_executions: 2,
      tracing_config: { mode: "Active" },
    });
    expect(watcher("sports")).to.include({ memory_size: 2048 });
  });

  it("gives each function the settings of its channel alone", () => {
    const { variables } = z
      .object({ variables: z.record(z.string(), z.string()) })
      .parse(watcher("sports").environment);

    expect(JSON.parse(variables.CHANNELS ?? "")).to.have.length(1);
    expect(JSON.parse(variables.CHANNELS ?? "")[0]).to.include({
      name: "sports",
      detector: "rekognition",
      minConfidence: 80,
    });
    expect(variables).to.include({
      STAGE: "reelway-dev",
      CHANNELS_TABLE: "reelway-dev-channels",
      ARCHIVE_BUCKET: "reelway-dev-output",
      ARCHIVE_PREFIX: "archive/",
      LIMITS: serializeLimits(parseConfiguration(defaults).limits),
      TOPIC_ARN: `arn:aws:sns:us-east-1:${account}:reelway-dev-finished-jobs`,
    });
  });

  it("invokes it at the channel's interval and hours, without repeating a failed run", () => {
    expect(
      listResources(highlights(), "aws_scheduler_schedule").map(
        ({ name, schedule_expression, schedule_expression_timezone }) => [
          name,
          schedule_expression,
          schedule_expression_timezone,
        ],
      ),
    ).to.deep.equal([
      ["reelway-dev-watcher-news", "cron(0/2 20-23,0-3 * * ? *)", "Europe/Berlin"],
      ["reelway-dev-watcher-sports", "rate(1 minutes)", undefined],
    ]);
    const invocations = listResources(highlights(), "aws_lambda_function_event_invoke_config");
    expect(invocations).to.have.length(2);
    for (const one of invocations)
      expect(one).to.include({ maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 });
  });

  it("allows exactly the calls of the channel's detector and clipper, the tables, the archive and the topic", () => {
    const news = readActions("reelway-dev-watcher-news");
    const sports = readActions("reelway-dev-watcher-sports");
    const count = (role: typeof news, prefix: string) =>
      role.filter(([action]) => action.startsWith(prefix)).map(([action]) => action);

    expect(count(news, "rekognition:")).to.deep.equal([
      "rekognition:DetectLabels",
      "rekognition:RecognizeCelebrities",
    ]);
    expect(count(sports, "rekognition:")).to.deep.equal(["rekognition:DetectLabels"]);
    expect(count(news, "secretsmanager:")).to.deep.equal([]);
    expect(sports).to.deep.include(["secretsmanager:GetSecretValue", ["reelway/delta-??????"]]);
    for (const role of [news, sports]) {
      expect(role).to.deep.include(["s3:PutObject", ["reelway-dev-output/archive/*"]]);
      expect(count(role, "s3:").sort()).to.deep.equal([
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
      ]);
      expect(role).to.deep.include(["sns:Publish", ["reelway-dev-finished-jobs"]]);
      expect(
        role
          .filter(([action]) => action === "dynamodb:PutItem")
          .flatMap(([, tables]) => tables)
          .sort(),
      ).to.deep.equal(
        ["appearances", "channels", "detections", "jobs", "labels"].map(
          (table) => `table/reelway-dev-${table}`,
        ),
      );
      expect(count(role, "dynamodb:DeleteItem")).to.deep.equal([]);
      // Segments are also found by id, and nothing else is queried without an index.
      expect(
        role
          .filter(([action]) => action === "dynamodb:Query")
          .flatMap(([, tables]) => tables)
          .filter((table) => !table.includes("/index/")),
      ).to.deep.equal(["table/reelway-dev-channels"]);
      expect(count(role, "ecs:")).to.deep.equal([]);
      expect(count(role, "iam:")).to.deep.equal([]);
    }
  });

  it("lets the roles of the stage call Rekognition, in their boundary", () => {
    const policy = z
      .object({ Statement: z.array(z.looseObject({ Sid: z.string(), Action: z.array(z.string()) })) })
      .safeParse(
        JSON.parse(
          z
            .string()
            .parse(
              findResource(synthesis.stack("dev-state"), "aws_iam_policy", "reelway-dev-boundary").policy,
            )
            .replaceAll(/"Action":"([^"]*)"/g, '"Action":["$1"]'),
        ),
      ).data;
    expect(policy?.Statement.find(({ Sid }) => Sid === "AllowServices")?.Action).to.include("rekognition:*");
    expect(JSON.stringify(synthesis.stack("live-state"))).to.not.include("rekognition");
  });

  it("creates the tables of the channels, recoverable and with an expiry", () => {
    const tables = listResources(highlights(), "aws_dynamodb_table");

    expect(tables.map(({ name }) => name)).to.deep.equal(
      ["appearances", "channels", "detections", "labels"].map((table) => `reelway-dev-${table}`),
    );
    for (const table of tables)
      expect(table).to.deep.include({
        point_in_time_recovery: { enabled: true },
        ttl: { attribute_name: "expiresAt", enabled: true },
        deletion_protection_enabled: true,
      });
  });

  it("expires the archive in the output bucket by the longest retention, and nothing else there", () => {
    const rules = listResources(
      synthesis.stack("dev-storage"),
      "aws_s3_bucket_lifecycle_configuration",
    ).flatMap(({ rule }) => z.array(z.looseObject({ expiration: z.unknown().optional() })).parse(rule));

    expect(rules.filter(({ id }) => id === "prefix-expiration")).to.deep.equal([
      {
        id: "prefix-expiration",
        status: "Enabled",
        filter: [{ prefix: "archive/" }],
        expiration: [{ days: 45 }],
        noncurrent_version_expiration: [{ noncurrent_days: 1 }],
      },
    ]);
  });

  it("has alarms on lag, detection and errors, and rows in the dashboard", () => {
    const alarms = listResources(highlights(), "aws_cloudwatch_metric_alarm");

    expect(
      alarms.map(({ alarm_name, metric_name, statistic, threshold, period, evaluation_periods }) => [
        alarm_name,
        metric_name,
        statistic,
        threshold,
        period,
        evaluation_periods,
      ]),
    ).to.deep.equal([
      // The runs of news are two minutes apart: five of them fit the period of an alarm.
      ["reelway-dev-channel-lag", "ChannelLagSeconds", "Maximum", 180, 600, 1],
      ["reelway-dev-detection-cap", "DetectionCapReached", "Sum", 0, 600, 1],
      ["reelway-dev-detection-failing", "DetectionFailing", "Sum", 0, 600, 3],
      ["reelway-dev-detection-lag", "DetectionLagSeconds", "Maximum", 900, 600, 1],
      ["reelway-dev-watcher-errors-news", "Errors", "Sum", 2, 600, 1],
      ["reelway-dev-watcher-errors-sports", "Errors", "Sum", 2, 300, 1],
    ]);
    for (const { alarm_actions } of alarms)
      expect(alarm_actions).to.deep.equal([`arn:aws:sns:us-east-1:${account}:reelway-dev-alarms`]);
    // The alarm on failed runs ends by itself, because nobody redrives them.
    expect(
      findResource(highlights(), "aws_sqs_queue", "reelway-dev-watcher-dlq").message_retention_seconds,
    ).to.equal(3600);
    const routing = synthesis.stack("dev-routing");
    expect(
      listResources(routing, "aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name),
    ).to.include("reelway-dev-dlq-watcher-dlq");
    const { dashboard_body } = findResource(
      routing,
      "aws_cloudwatch_dashboard",
      "reelway-dev",
      "dashboard_name",
    );
    expect(dashboard_body)
      .to.include("DetectionUsd")
      .and.include("Detections")
      .and.include("ChannelLagSeconds")
      .and.include("reelway-dev-watcher-news");
  });
});
