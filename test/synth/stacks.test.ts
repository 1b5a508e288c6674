import { expect } from "chai";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { apiEnvironment } from "../../pipeline/environment/api.ts";
import { jobEventsEnvironment } from "../../pipeline/environment/job-events.ts";
import { onOutputEnvironment } from "../../pipeline/environment/on-output.ts";
import { reconcilerEnvironment } from "../../pipeline/environment/reconciler.ts";
import { responseEventsEnvironment } from "../../pipeline/environment/response-events.ts";
import { routerEnvironment } from "../../pipeline/environment/router.ts";
import { sweepEnvironment } from "../../pipeline/environment/sweep.ts";
import { telemetryEnvironment } from "../../pipeline/environment/telemetry.ts";
import {
  transcoderApiEnvironment,
  transcoderDispatcherEnvironment,
  transcoderEventsEnvironment,
} from "../../pipeline/environment/transcoder.ts";
import { watcherEnvironment } from "../../pipeline/environment/watcher.ts";
import { webhooksEnvironment } from "../../pipeline/environment/webhooks.ts";
import { taskDefinitionEnvironment } from "../../pipeline/environment/worker.ts";
import {
  findResource,
  listResources,
  listStatements,
  type Synthesis,
  synthesize,
  synthesizeWhole,
  wholeStackNames,
} from "./synthesize.ts";

const account = "${" + "data.aws_caller_identity.account.account_id}";
const parseText = (value: unknown): string => z.string().parse(value);
const json = (value: unknown): unknown => JSON.parse(parseText(value));
const getVariables = (resource: Record<string, unknown>): Record<string, string> =>
  z.object({ variables: z.record(z.string(), z.string()) }).parse(resource.environment).variables;

describe("the synthesized stacks", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesizeWhole();
  });
  const stack = (name: string) => synthesis.stack(name);
  let withoutHooks: Promise<Synthesis> | undefined;
  /** The default configuration, which has no hooks, with the storage stack unprotected: synthesized once. */
  const defaultSynthesis = () => (withoutHooks ??= synthesize({ REELWAY_UNPROTECT: "storage" }));

  it("are in dependency order in each stage", () => {
    const manifest = z
      .object({ stacks: z.record(z.string(), z.object({ dependencies: z.array(z.string()) })) })
      .parse(JSON.parse(synthesis.files.get("manifest.json")?.toString() ?? ""));

    expect(Object.keys(manifest.stacks).sort()).to.deep.equal([...wholeStackNames].sort());
    for (const [name, { dependencies }] of Object.entries(manifest.stacks)) {
      const [stage = "", stackPart = ""] = name.split("-");
      const order: readonly string[] = stackOrder;
      const before = order.slice(0, order.indexOf(stackPart));
      expect(
        before.map((one) => `${stage}-${one}`),
        name,
      ).to.include.members(dependencies);
      const read = Object.values(
        z
          .object({
            data: z.object({ terraform_remote_state: z.record(z.string(), z.unknown()).default({}) }),
          })
          .parse(stack(name)).data.terraform_remote_state,
      ).length;
      expect(dependencies.length > 0, name).to.equal(stackPart !== "state");
      expect(read, name).to.be.at.most(before.length);
    }
  });

  it("keep their state in S3 under their own key, with S3 locking", () => {
    expect(stackOrder.map((name) => stack(`dev-${name}`).terraform.backend.s3)).to.deep.equal(
      stackOrder.map((name) => ({
        bucket: "reelway-dev-state",
        key: `dev/${name}.tfstate`,
        region: "us-east-1",
        encrypt: true,
        kms_key_id: "alias/reelway-dev-state",
        use_lockfile: true,
      })),
    );
    expect(stack("live-storage").terraform.backend.s3).to.include({
      bucket: "films-state",
      kms_key_id: "alias/reelway-live-state",
      region: "eu-central-1",
    });
  });

  it("tag everything, and allow the stage's account only", () => {
    const providers = (name: string) =>
      z.object({ provider: z.object({ aws: z.array(z.record(z.string(), z.unknown())) }) }).parse(stack(name))
        .provider.aws;

    for (const name of stackOrder) {
      expect(providers(`dev-${name}`)[0]?.default_tags).to.deep.equal([
        { tags: { project: "reelway", stage: "dev", stack: name } },
      ]);
      if (name !== "highlights")
        expect(providers(`live-${name}`)[0]?.allowed_account_ids).to.deep.equal(["123456789012"]);
    }
  });

  it("output only generated values and the URL of the stage, under fixed names", () => {
    expect(stackOrder.map((name) => [name, Object.keys(stack(`dev-${name}`).output).sort()])).to.deep.equal([
      ["state", ["key_arn", "operator_policy_arn"]],
      ["registry", []],
      ["storage", []],
      ["compute", ["subnet_ids", "task_security_group_id"]],
      ["transcoder", ["endpoint", "keys_secret_arn", "read_key_secret_arn"]],
      ["pipelines", ["pipeline_id", "preset_ids"]],
      ["routing", []],
      ["api", ["endpoint", "user_pool_id"]],
      ["site", ["distribution_domain_name", "url"]],
      ["highlights", []],
    ]);
  });

  it("protect everything that holds state, media, records, keys or images", () => {
    const protectedTypes = [
      "aws_s3_bucket",
      "aws_dynamodb_table",
      "aws_kms_key",
      "aws_ecr_repository",
      "aws_secretsmanager_secret",
      "aws_cognito_user_pool",
    ];
    const resources = stackOrder.flatMap((name) =>
      protectedTypes.flatMap((type) => listResources(stack(`dev-${name}`), type)),
    );

    expect(resources).to.have.length(24);
    for (const resource of resources) expect(resource.lifecycle).to.deep.include({ prevent_destroy: true });
  });

  it("give every function exactly its variables", () => {
    const expectedEnvironments = {
      api: apiEnvironment,
      "response-events": responseEventsEnvironment,
      router: routerEnvironment,
      "job-events": jobEventsEnvironment,
      reconciler: reconcilerEnvironment,
      sweep: sweepEnvironment,
      "on-output": onOutputEnvironment,
      "on-job-finished": z.object({}),
      webhooks: webhooksEnvironment,
      "transcoder-api": transcoderApiEnvironment,
      "transcoder-dispatcher": transcoderDispatcherEnvironment,
      "transcoder-events": transcoderEventsEnvironment,
      "watcher-news": watcherEnvironment,
      "watcher-sports": watcherEnvironment,
    };
    const elsewhere = ["AWS_REGION", "CONFIGURATION", "REELWAY_VERSION"];
    /** Of the watcher: set by AWS Lambda, or by the runtime of one machine. */
    const notOfStacks = [
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_RUNTIME_API",
      "DATABASE_SOCKET_PATH",
      "FFMPEG_PATH",
      "FFPROBE_PATH",
      "OBJECT_STORE",
    ];
    const functions = ["dev-transcoder", "dev-routing", "dev-api", "dev-highlights"].flatMap((name) =>
      listResources(stack(name), "aws_lambda_function"),
    );

    expect(
      Object.fromEntries(
        functions.map((one) => [
          parseText(one.function_name).replace("reelway-dev-", ""),
          Object.keys(getVariables(one))
            .filter((name) => name !== "NODE_OPTIONS")
            .sort(),
        ]),
      ),
    ).to.deep.equal(
      Object.fromEntries(
        Object.entries(expectedEnvironments).map(([name, schema]) => [
          name,
          [...new Set([...Object.keys(schema.shape), ...Object.keys(telemetryEnvironment.shape)])]
            .filter((variable) => ![...elsewhere, ...notOfStacks].includes(variable))
            .sort(),
        ]),
      ),
    );
  });

  it("allow every resource only for actions without resource-level permissions, and no action by pattern", () => {
    const statements = stackOrder
      .filter((name) => name !== "state")
      .flatMap((name) => listStatements(stack(`dev-${name}`)));

    expect(statements).to.have.length.above(40);
    expect([
      ...new Set(statements.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action)),
    ]).to.have.members([
      "ecr:GetAuthorizationToken",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "rekognition:DetectLabels",
      "rekognition:RecognizeCelebrities",
    ]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).to.deep.equal(
      [],
    );
  });

  it("set the stage's boundary on every role", () => {
    const roles = stackOrder.flatMap((name) => listResources(stack(`dev-${name}`), "aws_iam_role"));

    expect(roles).to.have.length.above(12);
    for (const role of roles)
      expect(role.permissions_boundary, parseText(role.name)).to.equal(
        `arn:aws:iam::${account}:policy/reelway-dev-boundary`,
      );
  });

  it("pass exactly the worker's two roles, to ECS tasks only", () => {
    const passRoleStatements = stackOrder
      .filter((name) => name !== "state")
      .flatMap((name) => listStatements(stack(`dev-${name}`)))
      .filter(({ Action }) => Action.includes("iam:PassRole"));

    expect(passRoleStatements).to.have.length.above(3);
    for (const { Resource, Condition } of passRoleStatements)
      expect({ Resource, Condition }).to.deep.equal({
        Resource: ["task", "execution"].map(
          (role) => `arn:aws:iam::${account}:role/reelway-dev-ffmpeg-${role}`,
        ),
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      });
  });

  describe("state", () => {
    const trust = (role: string) => {
      const { assume_role_policy } = findResource(stack("dev-state"), "aws_iam_role", role);
      return z
        .object({ Statement: z.tuple([z.record(z.string(), z.unknown())]) })
        .parse(json(assume_role_policy)).Statement[0];
    };

    it("lets pull requests and the main branch plan, and the stage's environment apply, of one repository", () => {
      const issuer = "token.actions.githubusercontent.com";
      expect(trust("reelway-dev-plan").Condition).to.deep.equal({
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: ["repo:example/films:pull_request", "repo:example/films:ref:refs/heads/main"],
        },
      });
      expect(trust("reelway-dev-apply").Condition).to.deep.equal({
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: ["repo:example/films:environment:dev"],
        },
      });
    });

    it("uses the account's identity provider if named, else creates one", () => {
      expect(listResources(stack("dev-state"), "aws_iam_openid_connect_provider")).to.have.length(1);
      expect(listResources(stack("live-state"), "aws_iam_openid_connect_provider")).to.have.length(0);
    });

    it("lets the plan role read the read-only key, and write nothing", () => {
      const statements = listStatements(stack("dev-state"), "reelway-dev-plan");

      expect(
        statements
          .filter(({ Action }) => Action.includes("secretsmanager:GetSecretValue"))
          .flatMap(({ Resource }) => Resource),
      ).to.deep.equal([
        `arn:aws:secretsmanager:us-east-1:${account}:secret:reelway-dev-transcoder-read-key-??????`,
      ]);
      expect(
        statements
          .flatMap(({ Action }) => Action)
          .filter((action) => !/:(GET|Get|List|Describe|Decrypt)/.test(action)),
      ).to.deep.equal([]);
    });

    it("lets the plan role read what Terraform compares: function variables and throwaway keys", () => {
      const statements = listStatements(stack("dev-state"), "reelway-dev-plan");
      const decrypting = statements.flatMap(({ Action, Condition }) =>
        Action.includes("kms:Decrypt") ? [Condition?.StringEquals?.["kms:ViaService"] ?? []].flat() : [],
      );

      expect(decrypting).to.deep.equal([
        "lambda.us-east-1.amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "secretsmanager.us-east-1.amazonaws.com",
      ]);
      expect(statements.flatMap(({ Action }) => Action)).to.include("secretsmanager:GetRandomPassword");
    });

    it("grants the apply role the dependent permissions AWS requires", () => {
      const statements = listStatements(stack("dev-state"), "reelway-dev-apply");
      const where = (action: string) =>
        statements.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);

      expect(where("sns:Unsubscribe")).to.deep.equal(["*"]);
      expect(where("lambda:TagResource")).to.deep.equal([
        `arn:aws:lambda:us-east-1:${account}:event-source-mapping:*`,
      ]);
      expect(where("s3:ListBucketVersions")).to.deep.equal(
        ["code", "site"].flatMap((name) => [
          `arn:aws:s3:::reelway-dev-${name}`,
          `arn:aws:s3:::reelway-dev-${name}/*`,
        ]),
      );
      for (const action of ["kms:Encrypt", "kms:CreateGrant"])
        expect(where(action).join(), action).to.match(/^\$\{aws_kms_key\.stage-key_\w+\.arn\}$/);
      expect(where("route53:AssociateVPCWithHostedZone")).to.have.length(1);
      expect(where("iam:CreateServiceLinkedRole")).to.deep.equal(
        [
          "ecs.amazonaws.com/AWSServiceRoleForECS",
          "ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway",
        ].map((role) => `arn:aws:iam::${account}:role/aws-service-role/${role}`),
      );
    });

    it("lets no role of a workflow manage keys", () => {
      for (const role of ["reelway-dev-plan", "reelway-dev-apply"])
        expect(
          listStatements(stack("dev-state"), role)
            .flatMap(({ Action }) => Action)
            .filter((action) =>
              /^kms:(Put|Tag|Untag|Schedule|Create(?!Grant)|Delete|Update|.*Alias$)/.test(action),
            )
            .filter((action) => action !== "kms:ListAliases"),
        ).to.deep.equal([]);
    });

    it("accepts states with the key of the bucket only", () => {
      const policies = listResources(stack("dev-state"), "aws_s3_bucket_policy");
      const conditions = policies.flatMap(({ policy }) =>
        z
          .object({
            Statement: z.array(z.looseObject({ Sid: z.string().optional(), Condition: z.unknown() })),
          })
          .parse(json(policy))
          .Statement.filter(({ Sid }) => Sid === "StateKeyOnly")
          .map(({ Condition }) => Condition),
      );
      expect(conditions).to.deep.equal([
        {
          StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
          Null: { "s3:x-amz-server-side-encryption": "false" },
        },
      ]);
    });

    it("lets the apply role create the stage's roles, but not change its own two or the boundary", () => {
      const statements = listStatements(stack("dev-state"), "reelway-dev-apply");
      const denied = statements.filter(({ Effect }) => Effect === "Deny");

      expect(denied.flatMap(({ Resource }) => Resource)).to.deep.equal(
        ["plan", "apply"].map((role) => `arn:aws:iam::${account}:role/reelway-dev-${role}`),
      );
      const refused = denied.flatMap(({ Action }) => Action);
      expect(refused).to.include.members(["iam:Put*", "iam:Update*", "iam:Attach*", "iam:PassRole"]);
      // Terraform reads the two roles whenever the stage is planned.
      expect(refused.filter((action) => /^iam:(\*|Get|List)/.test(action))).to.deep.equal([]);
      expect(
        statements
          .flatMap(({ Action }) => Action)
          .filter((action) => /^iam:.*(Boundary|Policy)/.test(action)),
      ).to.not.include.members(["iam:DeleteRolePermissionsBoundary", "iam:CreatePolicyVersion"]);
    });
  });

  describe("storage", () => {
    it("closes, versions, encrypts and logs its buckets, and sends media events to EventBridge", () => {
      const storage = stack("dev-storage");

      expect(listResources(storage, "aws_s3_bucket").map(({ bucket }) => bucket)).to.have.members([
        "reelway-dev-input",
        "reelway-dev-output",
        "reelway-dev-logs",
        "reelway-dev-code",
      ]);
      for (const block of listResources(storage, "aws_s3_bucket_public_access_block"))
        expect(block).to.include({
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        });
      for (const type of ["public_access_block", "versioning", "server_side_encryption_configuration"])
        expect(listResources(storage, `aws_s3_bucket_${type}`), type).to.have.length(4);
      expect(
        listResources(storage, "aws_s3_bucket_logging").map(({ target_prefix }) => target_prefix),
      ).to.have.members(["reelway-dev-input/", "reelway-dev-output/", "reelway-dev-code/"]);
      expect(
        listResources(storage, "aws_s3_bucket_notification").map(({ eventbridge }) => eventbridge),
      ).to.deep.equal([true, true]);
    });

    it("moves sources to Glacier after the configured days, and no outputs", () => {
      const rules = listResources(stack("dev-storage"), "aws_s3_bucket_lifecycle_configuration").flatMap(
        ({ rule }) =>
          z.array(z.looseObject({ id: z.string(), transition: z.unknown().optional() })).parse(rule),
      );

      expect(
        rules.filter(({ id }) => id === "glacier-transition").map(({ transition }) => transition),
      ).to.deep.equal([[{ days: 90, storage_class: "GLACIER_IR" }]]);
    });

    it("limits runs and scratch by the settings of the stage", () => {
      const environment = (name: string) => {
        const [definition] = listResources(stack(name), "aws_ecs_task_definition");
        const [container] = z
          .array(z.object({ environment: z.array(z.object({ name: z.string(), value: z.string() })) }))
          .parse(JSON.parse(z.string().parse(definition?.container_definitions)));
        return Object.fromEntries(container?.environment.map((one) => [one.name, one.value]) ?? []);
      };
      expect(environment("dev-compute")).to.include({
        FFMPEG_TIMEOUT_SECONDS: String(6 * 3600),
        MAX_SCRATCH_BYTES: String(48 * 2 ** 30),
      });
      expect(environment("live-compute")).to.include({
        FFMPEG_TIMEOUT_SECONDS: String(12 * 3600),
        MAX_SCRATCH_BYTES: String(98 * 2 ** 30),
      });
    });

    it("grants the keys of existing buckets to every role that reads or writes media", () => {
      const grants = ["compute", "routing", "api"].flatMap((name) =>
        listResources(stack(`live-${name}`), "aws_iam_role_policy").flatMap(({ role, policy }) =>
          z
            .object({
              Statement: z.array(
                z.looseObject({ Action: z.array(z.string()).or(z.string()), Resource: z.unknown() }),
              ),
            })
            .parse(JSON.parse(z.string().parse(policy)))
            .Statement.filter(({ Resource }) => JSON.stringify(Resource).includes("key/films"))
            .map(({ Action }) => [
              String(role).replace(/^.*aws_iam_role\.|_role.*$/g, ""),
              [Action].flat().length,
            ]),
        ),
      );
      expect(grants).to.deep.equal([
        ["worker_task", 2],
        ["on-output", 1],
        ["reconciler", 1],
        ["router", 1],
        ["sweep", 1],
        ["api", 2],
      ]);
    });

    it("tells every program that reads uploads the name of its role, for messages about a refused read", () => {
      const roleNames = listResources(stack("live-routing"), "aws_lambda_function").flatMap((one) => {
        const { function_name: role, environment } = z
          .object({
            function_name: z.string(),
            environment: z.object({ variables: z.record(z.string(), z.string()) }),
          })
          .parse(one);
        const { ROLE_NAME: named, STAGE_NAME: stage } = environment.variables;
        return named === undefined ? [] : [{ named: named === role, stage }];
      });
      expect(roleNames).to.deep.equal(Array(3).fill({ named: true, stage: "live" }));
    });

    it("changes only the EventBridge notification of existing buckets", () => {
      const storage = stack("live-storage");

      expect(listResources(storage, "aws_s3_bucket").map(({ bucket }) => bucket)).to.have.members([
        "films-logs",
        "films-code",
      ]);
      expect(listResources(storage, "aws_s3_bucket_notification")).to.have.length(2);
    });

    it("projects only the keys to the indexes of both tables, whose items change often", () => {
      for (const { name, global_secondary_index } of listResources(
        stack("dev-storage"),
        "aws_dynamodb_table",
      ))
        expect(
          new Set(
            z
              .array(z.object({ projection_type: z.string() }))
              .parse(global_secondary_index)
              .map((index) => index.projection_type),
          ),
          String(name),
        ).to.deep.equal(new Set(["KEYS_ONLY"]));
    });

    it("lets each role that lists jobs read the listed items", () => {
      let count = 0;
      for (const stackName of stackOrder)
        for (const role of listResources(stack(`dev-${stackName}`), "aws_iam_role")) {
          const statements = listStatements(stack(`dev-${stackName}`), z.string().parse(role.name));
          const findTables = (action: string) =>
            statements.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
          for (const index of findTables("dynamodb:Query")) {
            const table = /^(.*:table\/reelway-dev-(?:jobs|transcoder))\/index\/(.*)$/.exec(index);
            if (table === null) continue;
            count += 1;
            // The other indexes list several items.
            const action = table[2] === "engine-job" ? "dynamodb:GetItem" : "dynamodb:BatchGetItem";
            expect(findTables(action), `${action} of ${role.name}`).to.include(table[1]);
          }
        }
      expect(count).to.be.above(10);
    });

    it("creates both tables of the domain, recoverable, encrypted and protected", () => {
      const tables = listResources(stack("dev-storage"), "aws_dynamodb_table");

      expect(
        tables.map(({ name, hash_key, global_secondary_index }) => [
          name,
          hash_key,
          z
            .array(z.object({ name: z.string() }))
            .parse(global_secondary_index)
            .map((index) => index.name),
        ]),
      ).to.deep.equal([
        ["reelway-dev-jobs", "id", ["status-created", "source", "owner-created", "engine-job", "unnotified"]],
        [
          "reelway-dev-transcoder",
          "id",
          ["pipeline-created", "status-created", "pending", "running", "unnotified"],
        ],
      ]);
      for (const table of tables)
        expect(table).to.deep.include({
          deletion_protection_enabled: true,
          point_in_time_recovery: { enabled: true },
        });
    });
  });

  describe("compute", () => {
    const definition = (name = "dev-compute") =>
      listResources(stack(name), "aws_ecs_task_definition")[0] ?? {};
    const container = () =>
      z
        .tuple([z.looseObject({ environment: z.array(z.object({ name: z.string(), value: z.string() })) })])
        .parse(json(definition().container_definitions))[0];

    it("runs the worker as root with four capabilities, on a read-only root with an init process", () => {
      const dropped =
        "AUDIT_WRITE DAC_OVERRIDE FOWNER FSETID MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETPCAP SYS_CHROOT";
      expect(container()).to.deep.include({
        user: "0:0",
        privileged: false,
        readonlyRootFilesystem: true,
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: dropped.split(" ") } },
        mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch", readOnly: false }],
      });
    });

    it("gives the worker its variables", () => {
      const environment = Object.fromEntries(container().environment.map(({ name, value }) => [name, value]));

      expect(taskDefinitionEnvironment.strict().parse(environment)).to.include({
        OBJECT_STORE: "s3",
        JOBS_TABLE: "reelway-dev-jobs",
        TRANSCODER_TABLE: "reelway-dev-transcoder",
        SCRATCH_DIRECTORY: "/scratch",
        STAGE_BUCKETS: "reelway-dev-input,reelway-dev-output",
        MEDIA_USER: "10002:10002",
      });
    });

    it("uses the stage's architecture, scratch and capacity", () => {
      expect(definition("live-compute")).to.deep.include({
        runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" },
        ephemeral_storage: { size_in_gib: 100 },
      });
      expect(
        listResources(stack("live-compute"), "aws_ecs_cluster_capacity_providers")[0]
          ?.default_capacity_provider_strategy,
      ).to.deep.equal([{ capacity_provider: "FARGATE_SPOT", weight: 1 }]);
    });

    it("has no internet access, or egress only", () => {
      const types = (name: string) => Object.keys(stack(name).resource);

      expect(types("dev-compute")).to.not.include.oneOf(["aws_internet_gateway", "aws_nat_gateway"]);
      expect(types("live-compute")).to.include("aws_internet_gateway");
      expect(types("live-compute")).to.not.include("aws_nat_gateway");
      expect(
        listResources(stack("live-compute"), "aws_security_group").map(({ ingress }) => ingress),
      ).to.deep.equal([undefined]);
      expect(listResources(stack("live-compute"), "aws_vpc_endpoint")).to.have.length(2);
      expect(listResources(stack("dev-compute"), "aws_vpc_endpoint")).to.have.length(6);
    });

    it("lets a worker use only the stage's KMS key and the configured keys of existing buckets", () => {
      const keys = (stage: string, role: string) =>
        listStatements(stack(`${stage}-compute`), role)
          .filter(({ Action }) => Action.includes("kms:Decrypt"))
          .flatMap(({ Resource }) => Resource);

      expect(keys("dev", "reelway-dev-ffmpeg-task")).to.have.length(1);
      expect(keys("live", "reelway-live-ffmpeg-task").slice(1)).to.deep.equal([
        "arn:aws:kms:eu-central-1:123456789012:key/films",
      ]);
    });

    it("lets a worker write to the output bucket only", () => {
      const writes = listStatements(stack("dev-compute")).filter(({ Action }) =>
        Action.some((action) => /^s3:(Put|Delete|Abort)/.test(action)),
      );

      expect(writes.map(({ Resource }) => Resource)).to.deep.equal([["arn:aws:s3:::reelway-dev-output/*"]]);
    });

    it("lets a worker read versions of the output bucket only in the archive, and only with a channel", async function () {
      this.timeout(120_000);
      const listReads = (compute: Parameters<typeof listStatements>[0], bucket: string) =>
        listStatements(compute, "reelway-dev-ffmpeg-task")
          .filter(({ Action }) => Action.includes("s3:GetObjectVersion"))
          .flatMap(({ Resource }) => Resource)
          .filter((resource) => resource.startsWith(`arn:aws:s3:::${bucket}/`));
      const withoutChannels = (await defaultSynthesis()).stack("dev-compute");

      expect(listReads(stack("dev-compute"), "reelway-dev-output")).to.deep.equal([
        "arn:aws:s3:::reelway-dev-output/archive/*",
      ]);
      expect(listReads(withoutChannels, "reelway-dev-output")).to.deep.equal([]);
    });
  });

  describe("transcoder and pipelines", () => {
    it("create keys outside state and plan, and new ones when their version is raised", () => {
      const versions = listResources(stack("dev-transcoder"), "aws_secretsmanager_secret_version");

      expect(versions).to.have.length(2);
      for (const version of versions) {
        expect(version)
          .to.have.property("secret_string_wo")
          .that.includes("ephemeral.aws_secretsmanager_random_password");
        expect(version).to.include({ secret_string_wo_version: 1 });
        expect(version).to.not.have.property("secret_string");
      }
      expect(
        listResources(stack("live-transcoder"), "aws_secretsmanager_secret_version").map(
          ({ secret_string_wo_version }) => secret_string_wo_version,
        ),
      ).to.deep.equal([2, 2]);
    });

    it("use the stage's own endpoint, or the configured one", () => {
      const alias = (name: string) =>
        z
          .object({
            provider: z.object({ aws: z.array(z.looseObject({ endpoints: z.unknown().optional() })) }),
          })
          .parse(stack(name)).provider.aws[1]?.endpoints;

      expect(alias("dev-pipelines")).to.deep.equal([
        { elastictranscoder: "${" + "data.terraform_remote_state.transcoder-state.outputs.endpoint}" },
      ]);
      expect(alias("live-pipelines")).to.deep.equal([
        { elastictranscoder: "https://transcoder.example.com" },
      ]);
    });

    it("read the full key, or the read-only key when planning", () => {
      const { ephemeral, variable } = z
        .object({
          ephemeral: z.object({
            aws_secretsmanager_secret_version: z.object({
              transcoder_keys: z.object({ secret_id: z.string() }),
            }),
          }),
          variable: z.object({ transcoder_scope: z.looseObject({ default: z.string() }) }),
        })
        .parse(stack("dev-pipelines"));

      const remoteOutput = (output: string) =>
        `data.terraform_remote_state.transcoder-state.outputs.${output}`;
      expect(
        ephemeral.aws_secretsmanager_secret_version.transcoder_keys.secret_id.replaceAll(/\s/g, ""),
      ).to.equal(
        `\${(var.transcoder_scope=="read")?${remoteOutput("read_key_secret_arn")}:${remoteOutput("keys_secret_arn")}}`,
      );
      expect(variable.transcoder_scope.default).to.equal("full");
    });

    it("create the upload pipeline and the team's presets", () => {
      const pipelines = stack("dev-pipelines");

      expect(listResources(pipelines, "aws_elastictranscoder_pipeline")).to.have.length(1);
      expect(
        listResources(pipelines, "aws_elastictranscoder_preset").map(
          ({ name, audio_codec_options, video_codec_options }) => [
            name,
            audio_codec_options,
            video_codec_options,
          ],
        ),
      ).to.deep.equal([
        ["reelway-dev-archive", undefined, { Profile: "high", Level: "4.1", MaxReferenceFrames: "4" }],
        ["reelway-dev-podcast", { profile: "AAC-LC" }, undefined],
      ]);
    });
  });

  describe("routing", () => {
    it("sends object events of the input bucket to the router's queue", () => {
      const rule = findResource(stack("dev-routing"), "aws_cloudwatch_event_rule", "reelway-dev-router");

      expect(json(rule.event_pattern)).to.deep.equal({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: ["reelway-dev-input"] } },
      });
    });

    it("sets a visibility timeout of six function timeouts, with partial batch responses", () => {
      for (const [name, count] of [
        ["dev-transcoder", 2],
        ["dev-routing", 6],
        ["dev-api", 1],
      ] as const) {
        const mappings = listResources(stack(name), "aws_lambda_event_source_mapping");
        expect(mappings, name).to.have.length(count);
        for (const mapping of mappings)
          expect(mapping.function_response_types).to.deep.equal(["ReportBatchItemFailures"]);
      }
      const router = findResource(
        stack("dev-routing"),
        "aws_lambda_function",
        "reelway-dev-router",
        "function_name",
      );
      const queue = findResource(stack("dev-routing"), "aws_sqs_queue", "reelway-dev-router");
      expect(queue.visibility_timeout_seconds).to.equal(6 * z.number().parse(router.timeout));
    });

    it("sends on-output only events of new thumbnails", () => {
      const rule = findResource(stack("dev-routing"), "aws_cloudwatch_event_rule", "reelway-dev-on-output");

      expect(json(rule.event_pattern)).to.deep.include({
        detail: { bucket: { name: ["reelway-dev-output"] }, object: { key: [{ prefix: "thumb/" }] } },
      });
    });

    it("sends on-job-finished the topic's messages, and grants it nothing but its queues, keys and log", () => {
      const routing = stack("dev-routing");
      const queue = findResource(routing, "aws_sqs_queue", "reelway-dev-on-job-finished");
      const subscription = listResources(routing, "aws_sns_topic_subscription").find(({ endpoint }) =>
        parseText(endpoint).includes("finished-job-messages"),
      );
      const actions = listStatements(routing, "reelway-dev-on-job-finished").flatMap(({ Action }) => Action);

      expect(subscription).to.deep.include({ protocol: "sqs", raw_message_delivery: true });
      expect(parseText(subscription?.topic_arn)).to.match(/^\$\{aws_sns_topic\.finished-jobs_/);
      expect(json(queue.redrive_policy)).to.deep.include({ maxReceiveCount: 5 });
      expect(queue.visibility_timeout_seconds).to.equal(180);
      expect(new Set(actions.map((action) => action.split(":")[0]))).to.deep.equal(
        new Set(["logs", "xray", "kms", "sqs"]),
      );
      expect(
        findResource(
          routing,
          "aws_cloudwatch_metric_alarm",
          "reelway-dev-dlq-on-job-finished-dlq",
          "alarm_name",
        ),
      ).to.deep.include({ dimensions: { QueueName: "reelway-dev-on-job-finished-dlq" } });
    });

    it("has no function, queue or alarm of on-job-finished without the hook", async function () {
      this.timeout(120_000);
      const routing = (await defaultSynthesis()).stack("dev-routing");

      expect(JSON.stringify(routing)).to.include("reelway-dev-on-output").and.not.include("job-finished");
    });

    it("sends each webhook and the hook their events, and grants the function their secrets and counts only", () => {
      const routing = stack("dev-routing");
      const filters = listResources(routing, "aws_sns_topic_subscription")
        .filter(({ filter_policy }) => filter_policy !== undefined)
        .map(({ endpoint, filter_policy, filter_policy_scope, raw_message_delivery }) => ({
          queue: /aws_sqs_queue\.(?:webhooks_webhook-)?([a-z-]+)_queue/.exec(parseText(endpoint))?.[1],
          filter: json(filter_policy),
          scope: filter_policy_scope,
          raw_message_delivery,
        }));
      const statements = listStatements(routing, "reelway-dev-webhooks");
      const find = (action: string) => statements.filter(({ Action }) => Action.includes(action));

      expect(filters).to.deep.equal([
        {
          queue: "finished-job-messages",
          filter: { status: ["Complete", "Canceled", "Error"] },
          scope: "MessageBody",
          raw_message_delivery: true,
        },
        {
          queue: "catalog",
          filter: { status: ["Complete", "Canceled"] },
          scope: "MessageBody",
          raw_message_delivery: true,
        },
        {
          queue: "on-call",
          filter: { status: ["Error", "open", "closed"] },
          scope: "MessageBody",
          raw_message_delivery: true,
        },
      ]);
      expect(find("secretsmanager:GetSecretValue").map(({ Resource }) => Resource)).to.deep.equal([
        ["reelway/catalog", "reelway/on-call"].map(
          (name) => `arn:aws:secretsmanager:us-east-1:${account}:secret:${name}-??????`,
        ),
      ]);
      expect(find("dynamodb:UpdateItem").map(({ Condition }) => Condition)).to.deep.equal([
        { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["webhook#*"] } },
      ]);
      expect(new Set(statements.flatMap(({ Action }) => Action))).to.deep.equal(
        new Set([
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords",
          "kms:Decrypt",
          "kms:GenerateDataKey",
          "sqs:SendMessage",
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ChangeMessageVisibility",
          "dynamodb:UpdateItem",
          "secretsmanager:GetSecretValue",
        ]),
      );
      for (const name of ["catalog", "on-call"]) {
        const queue = findResource(routing, "aws_sqs_queue", `reelway-dev-webhook-${name}`);
        expect(json(queue.redrive_policy)).to.deep.include({ maxReceiveCount: 100 });
        expect(
          findResource(
            routing,
            "aws_cloudwatch_metric_alarm",
            `reelway-dev-dlq-webhook-${name}-dlq`,
            "alarm_name",
          ),
        ).to.deep.include({ dimensions: { QueueName: `reelway-dev-webhook-${name}-dlq` } });
      }
    });

    it("has only the webhooks of the stage, and no function without any", async function () {
      this.timeout(120_000);
      expect(JSON.stringify(stack("live-routing")))
        .to.include("reelway-live-webhook-catalog")
        .and.not.include("on-call");
      expect(JSON.stringify((await defaultSynthesis()).stack("dev-routing"))).to.not.include("webhook");
    });

    it("starts the task of a direct route from the upload's event", () => {
      const routing = stack("dev-routing");
      const rules = listResources(routing, "aws_cloudwatch_event_rule").filter(({ name }) =>
        String(name).startsWith("reelway-dev-route-images"),
      );
      const target = listResources(routing, "aws_cloudwatch_event_target").find(
        ({ ecs_target }) => ecs_target !== undefined,
      );
      const { input_paths, input_template } = z
        .object({ input_paths: z.record(z.string(), z.string()), input_template: z.string() })
        .parse(target?.input_transformer);
      const fill = (values: Readonly<Record<string, string>>): unknown =>
        JSON.parse(
          input_template
            .replaceAll(/"<(\w+)>"/g, (_, name) => `"${values[name] ?? ""}"`)
            .replaceAll(/<(\w+)>/g, (_, name) => (name in values ? JSON.stringify(values[name]) : "")),
        );
      const { version: _, ...unversioned } = input_paths;

      expect(rules.map(({ name }) => name)).to.deep.equal([
        "reelway-dev-route-images-starts",
        "reelway-dev-route-images",
        "reelway-dev-route-images-2",
      ]);
      for (const { event_pattern } of rules) {
        expect(String(event_pattern).length).to.be.below(2048);
        expect(String(event_pattern).match(/"wildcard":"/g)?.length ?? 0).to.be.at.most(15);
      }
      expect(fill(input_paths))
        .to.have.property("containerOverrides")
        .that.deep.equals([
          {
            name: "ffmpeg",
            environment: [
              { name: "ROUTE", value: "images" },
              { name: "SOURCE_BUCKET", value: "$.detail.bucket.name" },
              { name: "SOURCE_KEY", value: "$.detail.object.key" },
              { name: "SOURCE_VERSION", value: "$.detail.object.version-id" },
              { name: "SOURCE_SEQUENCER", value: "$.detail.object.sequencer" },
              { name: "OUTPUT_BUCKET", value: "reelway-dev-output" },
              { name: "INPUT_BUCKET", value: "reelway-dev-input" },
            ],
          },
        ]);
      expect(fill(unversioned)).to.have.deep.nested.property("containerOverrides[0].environment[3]", {
        name: "SOURCE_VERSION",
        value: "",
      });
      expect(target).to.have.property("dead_letter_config");
      expect(target).to.have.property("retry_policy");
    });

    it("has an alarm for every dead-letter queue of all stacks", () => {
      const deadLetterQueues = ["dev-transcoder", "dev-routing", "dev-api"].flatMap((name) =>
        listResources(stack(name), "aws_sqs_queue")
          .map((queue) => parseText(queue.name))
          .filter((name) => name.endsWith("-dlq")),
      );
      const watched = listResources(stack("dev-routing"), "aws_cloudwatch_metric_alarm").flatMap(
        ({ dimensions }) =>
          z
            .object({ QueueName: z.string() })
            .array()
            .catch([])
            .parse([dimensions])
            .map(({ QueueName }) => QueueName),
      );

      expect(deadLetterQueues).to.have.length(12);
      expect(watched).to.include.members(deadLetterQueues);
      expect(
        listResources(stack("dev-routing"), "aws_cloudwatch_metric_alarm").map(
          ({ alarm_name }) => alarm_name,
        ),
      ).to.include.members(
        ["job-errors", "upload-age", "throttled-tasks", "waiting-jobs"].map((name) => `reelway-dev-${name}`),
      );
    });
  });

  describe("api", () => {
    it("creates its keys outside state and plan, and no value of the users' secret", () => {
      const api = stack("dev-api");
      const [version, ...others] = listResources(api, "aws_secretsmanager_secret_version");

      expect(listResources(api, "aws_secretsmanager_secret").map(({ name }) => name)).to.have.members([
        "reelway-dev-api",
        "reelway-dev-accounts",
        "reelway-dev-playback",
      ]);
      expect(others).to.deep.equal([]);
      expect(version?.secret_string_wo)
        .to.match(/sessionKey = ephemeral\.aws_secretsmanager_random_password\.api_session_key\./)
        .and.to.match(/responseKey = ephemeral\.aws_secretsmanager_random_password\.api_response_key\./);
      expect(version).to.not.have.property("secret_string");
    });

    it("keeps a label on the version that Terraform created, whatever a rotation does to the others", () => {
      const [version] = listResources(stack("dev-api"), "aws_secretsmanager_secret_version");

      expect(version).to.deep.include({
        version_stages: ["AWSCURRENT", "REELWAY_TERRAFORM"],
        lifecycle: { ignore_changes: ["version_stages"] },
      });
    });

    it("signs people in with a user pool of created users by code and PKCE, or with passwords", () => {
      const api = stack("dev-api");
      const [pool] = listResources(api, "aws_cognito_user_pool");
      const [client] = listResources(api, "aws_cognito_user_pool_client");

      expect(pool).to.deep.include({
        admin_create_user_config: { allow_admin_create_user_only: true },
        deletion_protection: "ACTIVE",
        mfa_configuration: "OPTIONAL",
      });
      expect(client).to.deep.include({
        allowed_oauth_flows: ["code"],
        generate_secret: false,
        prevent_user_existence_errors: "ENABLED",
      });
      expect(listResources(api, "aws_cognito_user_group").map(({ name }) => name)).to.deep.equal([
        "operators",
      ]);
      expect(
        Object.keys(stack("live-api").resource).filter((type) => type.startsWith("aws_cognito")),
      ).to.deep.equal([]);
      const [passwords] = listResources(stack("live-api"), "aws_lambda_function");
      expect(getVariables(passwords ?? {})).to.not.have.any.keys("COGNITO_ISSUER", "COGNITO_CLIENT_ID");
      expect(getVariables(passwords ?? {})).to.include({ ALLOWED_ORIGINS: "https://films.example.com" });
    });

    it("lets the function upload, stop tasks and read its secrets, but start nothing", () => {
      const statements = listStatements(stack("dev-api"), "reelway-dev-api");
      const actions = statements.flatMap(({ Action }) => Action);

      expect(actions).to.include.members([
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:GetObjectVersion",
        "ecs:StopTask",
      ]);
      expect(
        statements
          .filter(({ Action }) => Action.includes("s3:GetObjectVersion"))
          .flatMap(({ Resource }) => Resource),
      ).to.have.members(["arn:aws:s3:::reelway-dev-input/*", "arn:aws:s3:::reelway-dev-output/*"]);
      expect(actions).to.not.include.any.members(["ecs:RunTask", "iam:PassRole", "s3:DeleteObject"]);
      expect(
        statements
          .filter(({ Action }) => Action.includes("secretsmanager:GetSecretValue"))
          .flatMap(({ Resource }) => Resource.map((arn) => arn.replace(/.*secret:/, ""))),
      ).to.have.members(
        ["api", "accounts", "playback", "origin-verify"].map((name) => `reelway-dev-${name}-??????`),
      );
      expect(
        statements
          .filter(({ Action }) => Action.includes("kms:Decrypt"))
          .flatMap(({ Resource }) => Resource)
          .concat(
            listStatements(stack("live-api"), "reelway-live-api")
              .filter(({ Action }) => Action.includes("kms:Decrypt"))
              .flatMap(({ Resource }) => Resource)
              .filter((arn) => arn.startsWith("arn:")),
          ),
      ).to.include("arn:aws:kms:eu-central-1:123456789012:key/films");
    });

    it("sends response-events the uploads of responses and the finished jobs", () => {
      const api = stack("dev-api");
      const [rule] = listResources(api, "aws_cloudwatch_event_rule");
      const [subscription] = listResources(api, "aws_sns_topic_subscription");

      expect(JSON.stringify(json(rule?.event_pattern))).to.include('{"prefix":"responses/"}');
      expect(subscription?.topic_arn).to.match(/:reelway-dev-finished-jobs$/);
    });

    it("logs and throttles the requests", () => {
      const [apiStage] = listResources(stack("dev-api"), "aws_apigatewayv2_stage");

      expect(apiStage).to.have.property("access_log_settings");
      expect(apiStage?.default_route_settings).to.deep.equal({
        throttling_rate_limit: 100,
        throttling_burst_limit: 200,
      });
    });
  });

  it("lift the protection of the named stacks only", async function () {
    this.timeout(120_000);
    const unprotected = await defaultSynthesis();
    for (const bucket of listResources(unprotected.stack("dev-storage"), "aws_s3_bucket"))
      expect(bucket.lifecycle).to.deep.equal({ prevent_destroy: false });
    for (const table of listResources(unprotected.stack("dev-storage"), "aws_dynamodb_table"))
      expect(table.deletion_protection_enabled).to.equal(false);
    expect(listResources(unprotected.stack("dev-state"), "aws_s3_bucket")[0]?.lifecycle).to.deep.equal({
      prevent_destroy: true,
    });
  });
});
