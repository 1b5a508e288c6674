import { expect } from "chai";
import * as z from "zod";
import { listDeadLetterQueues } from "../../modules/dead-letter-queues.ts";
import { stackOrder } from "../../modules/stack-order.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { findCommands, parseCommand } from "../cli/commands-in-text.ts";
import { listResources, type Synthesis, synthesizeWhole } from "./synthesize.ts";
import wholeConfiguration from "./whole.config.ts";

const configuration = parseConfiguration(wholeConfiguration);
const strings = z.union([z.string(), z.array(z.string())]);
const statementsSchema = z.object({
  Statement: z.array(
    z.object({ Sid: z.string(), Action: strings, Resource: strings, Condition: z.unknown().optional() }),
  ),
});
const queueSchema = z.looseObject({ name: z.string(), redrive_policy: z.string().optional() });

describe("operating a synthesized stage", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesizeWhole();
  });
  const listStageResources = (stage: string, type: string) =>
    stackOrder.flatMap((name) => {
      const path = `stacks/${stage}-${name}/cdk.tf.json`;
      return synthesis.files.has(path) ? listResources(synthesis.stack(`${stage}-${name}`), type) : [];
    });

  it("redrives exactly the dead-letter queues of the stage, each to its own queue", () => {
    for (const [stage, settings] of Object.entries(configuration.stages)) {
      const listed = listDeadLetterQueues(
        { ...settings, project: configuration.project, stage },
        configuration,
      );
      const queues = listStageResources(stage, "aws_sqs_queue").map((queue) => queueSchema.parse(queue));
      const names = queues.map(({ name }) => name);
      expect(
        listed.map(({ name }) => name),
        stage,
      ).to.have.members(names.filter((name) => name.endsWith("-dlq")));
      expect(
        listed.flatMap((queue) => (queue.origin === "queue" ? [queue.target] : [])),
        stage,
      ).to.have.members(
        queues
          .filter((queue) => queue.redrive_policy !== undefined && !queue.name.includes("-webhook-"))
          .map(({ name }) => name),
      );
      for (const queue of listed) if ("target" in queue) expect(names, queue.name).to.include(queue.target);
    }
  });

  const policySchema = z.looseObject({ name: z.string(), policy: z.string() });
  const readOperatorPolicy = (stage: string) => {
    const policy = listStageResources(stage, "aws_iam_policy")
      .map((resource) => policySchema.parse(resource))
      .find(({ name }) => name === `reelway-${stage}-operator`);
    return statementsSchema.parse(JSON.parse(policy?.policy ?? "{}")).Statement;
  };

  it("allows operators exactly what the commands need", () => {
    const of = (service: string, resource: string) =>
      `arn:aws:${service}:us-east-1:\${data.aws_caller_identity.account.account_id}:${resource}`;
    const allowed = Object.fromEntries(
      readOperatorPolicy("dev").map(({ Sid, Action, Resource }) => [
        Sid,
        [[Action].flat(), [Resource].flat()],
      ]),
    );
    const stateKey = allowed.DecryptState?.[1];
    expect(stateKey).to.have.length(1);
    expect(stateKey?.[0]).to.match(/^\$\{aws_kms_key\.key_[^.]+\.arn\}$/);
    const stageKey = allowed.UseStageKey?.[1];
    expect(stageKey).to.have.length(1);
    expect(stageKey?.[0]).to.match(/^\$\{aws_kms_key\.stage-key_[^.]+\.arn\}$/);
    const buckets = ["input", "output", "state", "state-logs", "code", "logs", "site"];
    expect(allowed).to.deep.equal({
      Jobs: [
        [
          "dynamodb:BatchGetItem",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:UpdateItem",
        ],
        [of("dynamodb", "table/reelway-dev-jobs"), of("dynamodb", "table/reelway-dev-jobs/index/*")],
      ],
      TranscoderJobs: [
        ["dynamodb:GetItem", "dynamodb:UpdateItem"],
        [of("dynamodb", "table/reelway-dev-transcoder")],
      ],
      StopTasks: [["ecs:StopTask"], [of("ecs", "task/reelway-dev-workers/*")]],
      DeadLetters: [
        [
          "sqs:CancelMessageMoveTask",
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
          "sqs:ListMessageMoveTasks",
          "sqs:ReceiveMessage",
          "sqs:StartMessageMoveTask",
        ],
        [of("sqs", "reelway-dev-*-dlq")],
      ],
      RedriveMessages: [
        ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
        [
          "router",
          "job-events",
          "on-output",
          "on-job-finished",
          "transcoder-dispatcher",
          "transcoder-events",
          "response-events",
          "webhook-*",
        ].map((name) => of("sqs", `reelway-dev-${name}`)),
      ],
      ReadUploads: [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::reelway-dev-input/*"]],
      ListUploads: [["s3:ListBucketVersions"], ["arn:aws:s3:::reelway-dev-input"]],
      UseStageKey: [["kms:Decrypt", "kms:GenerateDataKey"], stageKey],
      CheckBuckets: [
        ["s3:GetBucketTagging", "s3:GetEncryptionConfiguration", "s3:ListBucket"],
        buckets.map((name) => `arn:aws:s3:::reelway-dev-${name}`),
      ],
      CheckState: [["s3:GetObject"], ["arn:aws:s3:::reelway-dev-state/dev/state.tfstate"]],
      DecryptState: [["kms:Decrypt"], stateKey],
      CheckImage: [["ecr:DescribeImages"], [of("ecr", "repository/reelway-dev-ffmpeg")]],
      CheckFunctions: [["lambda:GetFunctionConcurrency"], [of("lambda", "function:reelway-dev-*")]],
      ReadLogs: [["logs:FilterLogEvents"], [of("logs", "log-group:/aws/lambda/reelway-dev-*")]],
      CheckQuotas: [
        [
          "lambda:GetAccountSettings",
          "servicequotas:GetAWSDefaultServiceQuota",
          "servicequotas:GetServiceQuota",
        ],
        ["*"],
      ],
    });
  });

  it("allows operators keys by service, tasks of the stage's cluster, and no other", () => {
    const conditions = Object.fromEntries(
      readOperatorPolicy("live").flatMap(({ Sid, Condition }) =>
        Condition === undefined ? [] : [[Sid, Condition]],
      ),
    );
    const { region = "", mediaKmsKeyArns } = configuration.stages.live ?? {};
    const viaS3 = { StringEquals: { "kms:ViaService": [`s3.${region}.amazonaws.com`] } };
    expect(conditions).to.deep.equal({
      StopTasks: {
        ArnEquals: {
          "ecs:cluster": `arn:aws:ecs:${region}:\${data.aws_caller_identity.account.account_id}:cluster/reelway-live-workers`,
        },
      },
      UseStageKey: {
        StringEquals: {
          "kms:ViaService": ["dynamodb", "s3", "sqs"].map((service) => `${service}.${region}.amazonaws.com`),
        },
      },
      ReadUploadsOfOtherKeys: viaS3,
      DecryptState: viaS3,
    });
    expect(
      readOperatorPolicy("live").find(({ Sid }) => Sid === "ReadUploadsOfOtherKeys")?.Resource,
    ).to.deep.equal(mediaKmsKeyArns);
  });

  it("keeps the operator policy within IAM's limit of 6,144 characters", () => {
    for (const stage of Object.keys(configuration.stages))
      expect(JSON.stringify(readOperatorPolicy(stage)).length, stage).to.be.below(5000);
  });

  const alarmSchema = z.looseObject({ alarm_name: z.string(), alarm_description: z.string() });

  it("names in every alarm a command that exists, with its options, for the stage", () => {
    for (const stage of Object.keys(configuration.stages)) {
      const alarms = listStageResources(stage, "aws_cloudwatch_metric_alarm").map((alarm) =>
        alarmSchema.parse(alarm),
      );
      expect(alarms, stage).to.have.length.above(10);
      for (const { alarm_name: name, alarm_description: description } of alarms) {
        expect(description.length, name).to.be.below(1024);
        for (const command of findCommands(description)) {
          expect(() => parseCommand(command), `${name}: ${command}`).to.not.throw();
          expect(command, name).to.include(`--stage ${stage}`);
        }
        const hasNextStep =
          findCommands(description).length > 0 ||
          /aws logs tail \/aws\/lambda\/|GET \/channels|No action needed/.test(description);
        expect(hasNextStep, description).to.equal(true);
      }
    }
  });
});
