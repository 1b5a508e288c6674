import { expect } from "chai";
import * as z from "zod";
import { routerEnvironment } from "../../pipeline/environment/router.ts";
import { workerDefinition } from "../../pipeline/environment/worker.ts";
import { resourcesOf, type Synthesis, statementsOf, synthesise } from "./synthesise.ts";

const stackNames = ["storage", "compute", "routing"].map((name) => `dev-${name}`);

describe("the synthesised stacks", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(60_000);
    synthesis = await synthesise();
  });
  after(() => synthesis.remove());

  it("are three for each stage", () => {
    const stacks = [...synthesis.files.keys()].filter((path) => path.endsWith("cdk.tf.json")).sort();

    expect(stacks).to.deep.equal(
      ["dev", "prod"].flatMap((stage) =>
        ["compute", "routing", "storage"].map((name) => `stacks/${stage}-${name}/cdk.tf.json`),
      ),
    );
  });

  it("keep their state in S3 under a key of their own, locked by S3", () => {
    expect(stackNames.map((name) => synthesis.stack(name).terraform.backend.s3)).to.deep.equal(
      ["storage", "compute", "routing"].map((name) => ({
        bucket: "reelway-dev-state",
        key: `dev/${name}.tfstate`,
        region: "us-east-1",
        encrypt: true,
        use_lockfile: true,
      })),
    );
  });

  describe("storage", () => {
    it("closes, versions, encrypts and protects both buckets, and lets them tell EventBridge", () => {
      const stack = synthesis.stack("dev-storage");

      expect(
        resourcesOf(stack, "aws_s3_bucket").map(({ bucket, lifecycle }) => [bucket, lifecycle]),
      ).to.deep.equal(
        ["reelway-dev-input", "reelway-dev-output"].map((name) => [name, { prevent_destroy: true }]),
      );
      for (const type of [
        "public_access_block",
        "versioning",
        "server_side_encryption_configuration",
        "notification",
      ])
        expect(resourcesOf(stack, `aws_s3_bucket_${type}`), type).to.have.length(2);
      for (const block of resourcesOf(stack, "aws_s3_bucket_public_access_block"))
        expect(block).to.include({
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        });
      for (const versioning of resourcesOf(stack, "aws_s3_bucket_versioning"))
        expect(versioning.versioning_configuration).to.deep.equal({ status: "Enabled" });
      for (const encryption of resourcesOf(stack, "aws_s3_bucket_server_side_encryption_configuration"))
        expect(encryption.rule).to.deep.equal([
          { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" }, bucket_key_enabled: true },
        ]);
      for (const notification of resourcesOf(stack, "aws_s3_bucket_notification"))
        expect(notification.eventbridge).to.equal(true);
    });

    it("makes both tables as the domain defines them, recoverable and protected", () => {
      const tables = resourcesOf(synthesis.stack("dev-storage"), "aws_dynamodb_table");

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
        ["reelway-dev-jobs", "id", ["status-created", "source", "engine-job", "unnotified"]],
        [
          "reelway-dev-transcoder",
          "id",
          ["pipeline-created", "status-created", "waiting", "running", "unnotified"],
        ],
      ]);
      for (const table of tables)
        expect(table).to.deep.include({
          deletion_protection_enabled: true,
          lifecycle: { prevent_destroy: true },
          point_in_time_recovery: { enabled: true },
        });
    });
  });

  describe("compute", () => {
    const containers = () =>
      z
        .array(
          z.looseObject({
            name: z.string(),
            environment: z.array(z.object({ name: z.string(), value: z.string() })),
          }),
        )
        .parse(
          JSON.parse(
            z
              .string()
              .parse(
                resourcesOf(synthesis.stack("dev-compute"), "aws_ecs_task_definition")[0]
                  ?.container_definitions,
              ),
          ),
        );

    it("runs the worker as an ordinary user on a read-only root", () => {
      expect(containers()).to.have.length(1);
      expect(containers()[0]).to.deep.include({
        user: "10001:10001",
        privileged: false,
        readonlyRootFilesystem: true,
        mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch", readOnly: false }],
      });
    });

    it("gives the worker the variables it asks for", () => {
      const given = Object.fromEntries(
        containers()[0]?.environment.map(({ name, value }) => [name, value]) ?? [],
      );

      expect(workerDefinition.strict().parse(given)).to.include({
        OBJECT_STORE: "s3",
        JOBS_TABLE: "reelway-dev-jobs",
        TRANSCODER_TABLE: "reelway-dev-transcoder",
        SCRATCH: "/scratch",
      });
    });

    it("keeps the task's role apart from the one that starts it", () => {
      const names = resourcesOf(synthesis.stack("dev-compute"), "aws_iam_role").map(({ name }) => name);

      expect(names).to.deep.equal(["reelway-dev-ffmpeg-execution", "reelway-dev-ffmpeg-task"]);
    });

    it("has no way to the internet", () => {
      const types = Object.keys(synthesis.stack("dev-compute").resource);

      expect(types).to.not.include.members(["aws_internet_gateway"]);
      expect(types).to.not.include.members(["aws_nat_gateway"]);
    });

    it("lets a worker write to the output bucket alone", () => {
      const writes = statementsOf(synthesis.stack("dev-compute")).filter(({ Action }) =>
        Action.some((action) => /^s3:(Put|Delete|Abort)/.test(action)),
      );

      expect(writes.map(({ Resource }) => Resource)).to.deep.equal([["arn:aws:s3:::reelway-dev-output/*"]]);
    });
  });

  describe("routing", () => {
    it("passes created objects of the input bucket to the router's queue", () => {
      const stack = synthesis.stack("dev-routing");
      const [rule] = resourcesOf(stack, "aws_cloudwatch_event_rule");

      expect(JSON.parse(z.string().parse(rule?.event_pattern))).to.deep.equal({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: ["reelway-dev-input"] } },
      });
      expect(resourcesOf(stack, "aws_sqs_queue").map(({ name }) => name)).to.have.members([
        "reelway-dev-router",
        "reelway-dev-router-lost",
      ]);
    });

    it("hides a message six times as long as the router may take, and lets it fail message by message", () => {
      const stack = synthesis.stack("dev-routing");
      const timeout = z.number().parse(resourcesOf(stack, "aws_lambda_function")[0]?.timeout);
      const queue = resourcesOf(stack, "aws_sqs_queue").find(({ name }) => name === "reelway-dev-router");

      expect(queue?.visibility_timeout_seconds).to.equal(6 * timeout);
      expect(resourcesOf(stack, "aws_lambda_event_source_mapping")[0]?.function_response_types).to.deep.equal(
        ["ReportBatchItemFailures"],
      );
    });

    it("gives the router exactly the variables it asks for", () => {
      const [router] = resourcesOf(synthesis.stack("dev-routing"), "aws_lambda_function");
      const { variables } = z
        .object({ variables: z.record(z.string(), z.string()) })
        .parse(router?.environment);
      const optional = ["CAPACITY_PROVIDER"];
      const elsewhere = ["AWS_REGION", "CONFIGURATION"];

      expect(Object.keys(variables).sort()).to.deep.equal(
        Object.keys(routerEnvironment.shape)
          .filter((name) => ![...optional, ...elsewhere].includes(name))
          .sort(),
      );
    });

    it("passes exactly the worker's two roles, to tasks alone", () => {
      const passing = statementsOf(synthesis.stack("dev-routing")).filter(({ Action }) =>
        Action.includes("iam:PassRole"),
      );

      expect(passing.map(({ Resource, Condition }) => ({ Resource, Condition }))).to.deep.equal([
        {
          Resource: ["task", "execution"].map(
            (role) =>
              `arn:aws:iam::\${data.aws_caller_identity.account.account_id}:role/reelway-dev-ffmpeg-${role}`,
          ),
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
      ]);
    });
  });

  it("allow nothing on every resource but the one action that knows no resource, and no action by pattern", () => {
    const statements = stackNames
      .filter((name) => name !== "dev-storage")
      .flatMap((name) => statementsOf(synthesis.stack(name)));

    expect(statements).to.have.length.above(5);
    expect(
      statements.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action),
    ).to.deep.equal(["ecr:GetAuthorizationToken"]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).to.deep.equal(
      [],
    );
  });

  it("are the same bytes when synthesised again", async function () {
    this.timeout(60_000);
    const again = await synthesise();
    try {
      expect([...again.files.keys()].sort()).to.deep.equal([...synthesis.files.keys()].sort());
      for (const [path, bytes] of synthesis.files)
        expect(again.files.get(path)?.equals(bytes), path).to.equal(true);
    } finally {
      await again.remove();
    }
  });
});
