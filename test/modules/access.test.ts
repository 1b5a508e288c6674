import { expect } from "chai";
import * as z from "zod";
import { Testing } from "#cdktf";
import { Alarms } from "../../modules/alarms.ts";
import { CustomPreset } from "../../modules/custom-preset.ts";
import { Dashboard } from "../../modules/dashboard.ts";
import { GithubAccess } from "../../modules/github-access.ts";
import { PermissionsBoundary } from "../../modules/permissions-boundary.ts";
import { createSecret } from "../../modules/secret.ts";
import { StageStack, unprotectedContextKey } from "../../modules/stack.ts";
import { TranscoderKeys } from "../../modules/transcoder-keys.ts";
import { createTranscoderProvider } from "../../modules/transcoder-provider.ts";
import { account, deployment, statements, synthesizeStack, testApp } from "./synthesize-stack.ts";

describe("GithubAccess", () => {
  const synthesizeAccess = (
    oidcProvider: string,
    ids: { readonly ownerId?: number; readonly repositoryId?: string } = {},
  ) =>
    synthesizeStack((stack) => {
      new GithubAccess(stack, "github", {
        repository: "example/films",
        ...ids,
        oidcProvider,
        keys: {
          stateKeyArn: "arn:aws:kms:us-east-1:1:key/state",
          stageKeyArn: "arn:aws:kms:us-east-1:1:key/stage",
        },
        boundary: new PermissionsBoundary(stack, "boundary"),
      });
    });

  it("trusts only the named jobs, with the STS audience", () => {
    for (const role of synthesizeAccess("create").all("aws_iam_role"))
      for (const { Action, Condition } of statements(role.assume_role_policy)) {
        const { StringEquals } = z
          .strictObject({ StringEquals: z.record(z.string(), z.union([z.string(), z.array(z.string())])) })
          .parse(Condition);
        expect(Action).to.equal("sts:AssumeRoleWithWebIdentity");
        expect(StringEquals["token.actions.githubusercontent.com:aud"]).to.equal("sts.amazonaws.com");
        for (const subject of [StringEquals["token.actions.githubusercontent.com:sub"]].flat())
          expect(subject).to.match(
            /^repo:example\/films:(pull_request|ref:refs\/heads\/main|environment:dev)$/,
          );
      }
  });

  it("trusts tokens with the ids of the repository and of its owner, and no others", () => {
    const ids = { ownerId: 1234, repositoryId: "56789" };
    const subjects = synthesizeAccess("create", ids)
      .all("aws_iam_role")
      .flatMap((role) => statements(role.assume_role_policy))
      .map(({ Condition }) => JSON.stringify(Condition).match(/repo:[^"]+/g));
    expect(subjects).to.deep.equal([
      ["repo:example@1234/films@56789:environment:dev"],
      ["repo:example@1234/films@56789:pull_request", "repo:example@1234/films@56789:ref:refs/heads/main"],
    ]);
  });

  /** The statements of a role that allow an action, by resource and condition. */
  const find = (role: "plan" | "apply", action: string) => {
    const access = synthesizeAccess("create");
    const policies = access.all("aws_iam_role_policy");
    const own = policies.find((one) => String(one.role).includes(`github_${role}_`))?.policy;
    const shared = access
      .all("aws_iam_policy")
      .find(({ name }) => name === "reelway-dev-apply-plans")?.policy;
    return [own, shared]
      .flatMap(statements)
      .filter(
        ({ Effect, Action }) =>
          Effect === "Allow" &&
          [Action]
            .flat()
            .some((pattern) => new RegExp(`^${String(pattern).replaceAll("*", ".*")}$`).test(action)),
      );
  };

  it("lets a plan read only the stage's own functions, tables, secrets, queues and schedules", () => {
    for (const action of [
      "lambda:GetFunction",
      "lambda:GetFunctionConfiguration",
      "dynamodb:DescribeTable",
      "ecs:DescribeClusters",
      "ecr:DescribeRepositories",
      "events:DescribeRule",
      "scheduler:GetSchedule",
      "secretsmanager:DescribeSecret",
      "sns:GetTopicAttributes",
      "sqs:GetQueueAttributes",
      "cloudwatch:GetDashboard",
    ]) {
      const found = find("plan", action);
      expect(found.length, action).to.be.above(0);
      for (const { Resource } of found)
        for (const resource of [Resource].flat()) expect(resource, action).to.match(/[:/]reelway-dev(-|$)/);
    }
    for (const { Condition } of find("plan", "lambda:GetEventSourceMapping"))
      expect(JSON.stringify(Condition)).to.include("function:reelway-dev-*");
  });

  it("lets neither role manage keys, and both use the stage's two keys only", () => {
    const keys = ["state", "stage"].map((name) => `arn:aws:kms:us-east-1:1:key/${name}`);
    for (const role of ["plan", "apply"] as const)
      for (const action of ["Decrypt", "GetKeyPolicy", "GenerateDataKey*", "CreateGrant", "Encrypt"])
        for (const { Resource } of find(role, `kms:${action}`))
          for (const resource of [Resource].flat()) expect(keys, `${role} ${action}`).to.include(resource);
    for (const action of ["PutKeyPolicy", "TagResource", "CreateKey", "ScheduleKeyDeletion", "*Alias", "*"])
      for (const role of ["plan", "apply"] as const)
        expect(find(role, `kms:${action}`), `${role} ${action}`).to.deep.equal([]);
    expect(find("plan", "kms:CreateGrant")).to.deep.equal([]);
    for (const { Condition } of find("apply", "kms:CreateGrant"))
      expect(Condition).to.deep.equal({ Bool: { "kms:GrantIsForAWSResource": "true" } });
  });

  it("creates its roles after their boundary", () => {
    for (const { depends_on } of synthesizeAccess("create").all("aws_iam_role"))
      expect(String(depends_on)).to.match(/^aws_iam_policy\.boundary_policy_[0-9A-F]+$/);
  });

  it("uses the account's existing provider", () => {
    const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const [first] = synthesizeAccess(arn).all("aws_iam_role");

    expect(synthesizeAccess(arn).types).to.not.include("aws_iam_openid_connect_provider");
    expect(statements(first?.assume_role_policy)[0]?.Principal).to.deep.equal({ Federated: arn });
  });

  it("stays under IAM's 10,240 characters of inline policies per role", () => {
    for (const { policy } of synthesizeAccess("create").all("aws_iam_role_policy"))
      expect(z.string().parse(policy).replaceAll(account, "123456789012").length).to.be.below(10_240);
  });
});

describe("RoleBoundary", () => {
  it("denies roles without the boundary and changes of the boundary", () => {
    const { policy } = synthesizeStack((stack) => {
      new PermissionsBoundary(stack, "boundary");
    }).one("aws_iam_policy");
    const denied = statements(policy).filter(({ Effect }) => Effect === "Deny");

    expect(denied[0]).to.deep.include({
      Condition: {
        StringNotEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${account}:policy/reelway-dev-boundary` },
      },
    });
    expect(denied.flatMap(({ Action }) => Action)).to.include.members([
      "iam:CreateRole",
      "iam:DeleteRolePermissionsBoundary",
      "iam:CreatePolicyVersion",
    ]);
    expect(z.string().parse(policy).replaceAll(account, "123456789012").length).to.be.below(6144);
  });
});

describe("TranscoderKeys", () => {
  it("creates two secrets, one with the read-only key only", () => {
    const synthesized = synthesizeStack((stack) => {
      new TranscoderKeys(stack, "keys", { version: 3 });
    });
    const written = synthesized
      .all("aws_secretsmanager_secret_version")
      .map((one) => String(one.secret_string_wo));

    expect(synthesized.all("aws_secretsmanager_secret").map(({ name }) => name)).to.deep.equal([
      "reelway-dev-transcoder-keys",
      "reelway-dev-transcoder-read-key",
    ]);
    expect(written[0]).to.include("REELWAYFULL000003").and.include("REELWAYREAD000003");
    expect(written[1]).to.include("REELWAYREAD000003").and.not.include("FULL");
  });
});

describe("CustomPreset", () => {
  it("passes to Terraform what CreatePreset expects", () => {
    const preset = synthesizeStack(
      (stack) => {
        new CustomPreset(stack, "preset", {
          provider: createTranscoderProvider(stack),
          preset: {
            Name: "speech",
            Description: "For phones",
            Container: "mp3",
            Audio: {
              AudioPackingMode: "SingleTrack",
              BitRate: "64",
              Channels: "1",
              Codec: "mp3",
              SampleRate: "44100",
            },
          },
        });
      },
      {},
      "pipelines",
    ).one("aws_elastictranscoder_preset");

    expect(preset).to.deep.include({
      name: "speech",
      container: "mp3",
      provider: "aws.transcoder",
      audio: {
        audio_packing_mode: "SingleTrack",
        bit_rate: "64",
        channels: "1",
        codec: "mp3",
        sample_rate: "44100",
      },
    });
    expect(preset).to.not.have.any.keys("video", "thumbnails");
  });
});

describe("Alarms and Dashboard", () => {
  const synthesizeAlarms = () =>
    synthesizeStack((stack) => {
      new Alarms(stack, "alarms", {
        topicArn: "arn:aws:sns:us-east-1:1:alarms",
        deadLetterQueueNames: ["reelway-dev-router-dlq"],
        uploadQueueName: "reelway-dev-router",
      });
      new Dashboard(stack, "dashboard", {
        uploadQueueName: "reelway-dev-router",
        deadLetterQueueNames: ["reelway-dev-router-dlq"],
        functionNames: ["a", "b"],
        hasChannels: false,
      });
    });

  it("notify the topic of dead letters, late uploads, throttled starts and failing jobs, and of recovery", () => {
    const alarms = synthesizeAlarms().all("aws_cloudwatch_metric_alarm");

    expect(alarms.map(({ alarm_name }) => alarm_name)).to.have.members(
      [
        "dlq-router-dlq",
        "upload-age",
        "throttled-tasks",
        "waiting-jobs",
        "job-errors",
        "transcoder-job-errors",
      ].map((name) => `reelway-dev-${name}`),
    );
    for (const { alarm_actions, ok_actions, alarm_description } of alarms) {
      expect({ alarm_actions, ok_actions }).to.deep.equal({
        alarm_actions: ["arn:aws:sns:us-east-1:1:alarms"],
        ok_actions: ["arn:aws:sns:us-east-1:1:alarms"],
      });
      expect(alarm_description).to.be.a("string").with.length.above(30);
    }
  });

  it("use the stage's metrics", () => {
    const alarms = synthesizeAlarms().all("aws_cloudwatch_metric_alarm");
    const stageMetrics = z
      .array(
        z.object({
          namespace: z.optional(z.string()),
          metric_name: z.optional(z.string()),
          dimensions: z.optional(z.unknown()),
          metric_query: z.optional(z.array(z.object({ metric: z.optional(z.unknown()) }))),
        }),
      )
      .parse(alarms)
      .flatMap(({ metric_query = [], ...alarm }) => [alarm, ...metric_query.map(({ metric }) => metric)])
      .filter((metric) => JSON.stringify(metric ?? {}).includes('"namespace":"Reelway"'));

    const dimensions = { stage: "reelway-dev" };
    expect(stageMetrics).to.have.length(6);
    for (const name of ["JobsClosed", "JobsFailed", "TranscoderJobsClosed", "TranscoderJobsFailed"])
      expect(stageMetrics).to.deep.include({
        namespace: "Reelway",
        metric_name: name,
        dimensions,
        period: 3600,
        stat: "Sum",
      });
    expect(stageMetrics).to.deep.include({ namespace: "Reelway", metric_name: "TasksThrottled", dimensions });
    expect(stageMetrics).to.deep.include({
      namespace: "Reelway",
      metric_name: "OldestWaitingSeconds",
      dimensions,
    });
  });

  it("show every metric that an alarm watches", () => {
    const body = String(synthesizeAlarms().one("aws_cloudwatch_dashboard").dashboard_body);

    for (const { metric_name } of synthesizeAlarms().all("aws_cloudwatch_metric_alarm"))
      if (metric_name !== undefined) expect(body).to.include(String(metric_name));
  });
});

describe("a secret", () => {
  it("keeps its name for seven days after its deletion, except of a stage whose protection was removed", () => {
    const synthesize = (context: Record<string, unknown>) => {
      const stack = new StageStack(testApp(context), "api", { deployment: deployment() });
      stack.keyArn = "arn:aws:kms:us-east-1:123456789012:key/stage";
      createSecret(stack, "secret", { name: "films", description: "Films" });
      return z
        .looseObject({
          resource: z.looseObject({ aws_secretsmanager_secret: z.looseObject({ secret: z.unknown() }) }),
        })
        .parse(JSON.parse(Testing.synth(stack))).resource.aws_secretsmanager_secret.secret;
    };
    expect(synthesize({})).to.deep.include({
      recovery_window_in_days: 7,
      lifecycle: { prevent_destroy: true },
    });
    expect(synthesize({ [unprotectedContextKey]: ["api"] })).to.deep.include({
      recovery_window_in_days: 0,
      lifecycle: { prevent_destroy: false },
    });
  });
});
