import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateClusterCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type TaskOverride,
} from "@aws-sdk/client-ecs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import * as z from "zod";
import { buildDeploymentNames } from "../../modules/names.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import type { Moto } from "../contract/moto.ts";
import { firstOf } from "../contract/moto-ecs.ts";
import { resourcesOf, type Synthesis, synthesiseWhole } from "../synth/synthesise.ts";
import whole from "../synth/whole.config.ts";
import { startEmulator } from "./emulator.ts";

const account = "123456789012";
const { project, stages } = parseConfiguration(whole);
const { dev } = stages;
if (dev === undefined) throw new Error("The configuration has no stage dev.");
const names = buildDeploymentNames({ project, stage: "dev", ...dev });
const arnOf = (role: string): string => `arn:aws:iam::${account}:role/${role}`;

const roleSchema = z.looseObject({ name: z.string(), assume_role_policy: z.string() });
const policySchema = z.looseObject({ role: z.string(), name: z.string(), policy: z.string() });

/** What Terraform puts in place of its references: the account's number, and for what AWS generates anything. */
const resolved = (text: string): string =>
  text
    .replaceAll(`\${data.aws_caller_identity.account.account_id}`, account)
    .replaceAll(/\$\{[^}]*\}/g, `arn:aws:sqs:us-east-1:${account}:generated`);

/** Makes the stage's roles with their policies, as Terraform would. */
const makeRoles = async (iam: IAMClient, synthesis: Synthesis): Promise<void> => {
  for (const stack of ["dev-state", "dev-compute", "dev-routing"].map(synthesis.stack)) {
    const roles = Object.entries(stack.resource.aws_iam_role ?? {}).map(
      ([id, role]) => [id, roleSchema.parse(role)] as const,
    );
    for (const [, role] of roles)
      await iam.send(
        new CreateRoleCommand({
          RoleName: role.name,
          AssumeRolePolicyDocument: resolved(role.assume_role_policy),
        }),
      );
    for (const policy of resourcesOf(stack, "aws_iam_role_policy").map((one) => policySchema.parse(one)))
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: roles.find(([id]) => policy.role === `\${aws_iam_role.${id}.name}`)?.[1].name,
          PolicyName: policy.name,
          PolicyDocument: resolved(policy.policy),
        }),
      );
  }
};

const refusal = z.union([
  z.object({ $response: z.object({ statusCode: z.literal(403) }) }),
  z.object({ name: z.literal("AccessDeniedException") }),
]);

/** How a call ended: `done`, `denied`, or the name of its error. Some denials moto tells in another service's form. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (cause: unknown) => {
      if (refusal.safeParse(cause).success) return "denied";
      return cause instanceof Error ? cause.name : String(cause);
    },
  );

describe("the stage's roles, with IAM enforced", function () {
  this.timeout(180_000);
  let moto: Moto;
  let synthesis: Synthesis;
  /** What every client of a role is made with. */
  const as = new Map<string, Moto["client"]>();
  const clientOf = (role: string): Moto["client"] => {
    const found = as.get(role);
    if (found === undefined) throw new Error(`Nobody has taken ${role}.`);
    return found;
  };
  const read = (role: string, Bucket: string, Key = "film.mp4") =>
    outcome(new S3Client(clientOf(role)).send(new GetObjectCommand({ Bucket, Key })));
  const write = (role: string, Bucket: string, Key = "made.mp4") =>
    outcome(new S3Client(clientOf(role)).send(new PutObjectCommand({ Bucket, Key, Body: "x" })));
  const [worker, router, plan] = [`${names.workerTaskFamily}-task`, names.router, names.planRole];
  const other = "other";
  let subnet: string;
  let group: string;

  before(async () => {
    [moto, synthesis] = await Promise.all([startEmulator(), synthesiseWhole()]);
    const iam = new IAMClient(moto.client);
    await makeRoles(iam, synthesis);
    const s3 = new S3Client(moto.client);
    for (const Bucket of [dev.inputBucket, dev.outputBucket, names.stateBucket]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      for (const Key of ["film.mp4", "dev/storage.tfstate"])
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    }
    subnet = await firstOf(moto, "DescribeSubnets", "subnetId");
    group = await firstOf(moto, "DescribeSecurityGroups", "groupId");
    const ecs = new ECSClient(moto.client);
    await ecs.send(new CreateClusterCommand({ clusterName: names.cluster }));
    for (const [family, task] of [
      [names.workerTaskFamily, worker],
      [`${names.workerTaskFamily}-${other}`, names.applyRole],
    ])
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family,
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          cpu: "1024",
          memory: "2048",
          taskRoleArn: arnOf(task ?? ""),
          executionRoleArn: arnOf(`${names.workerTaskFamily}-execution`),
          containerDefinitions: [{ name: "ffmpeg", image: "ffmpeg", essential: true }],
        }),
      );
    const sts = new STSClient(moto.client);
    for (const role of [worker, router, plan]) {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: "test" }),
      );
      as.set(role, {
        ...moto.client,
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          ...{ sessionToken: Credentials?.SessionToken ?? "" },
        },
      });
    }
    await fetch(`${moto.client.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  });
  after(() => moto.close());

  it("let the worker read uploads and write outputs, and neither the other way nor the state", async () => {
    expect(await read(worker, dev.inputBucket)).to.equal("done");
    expect(await write(worker, dev.outputBucket)).to.equal("done");
    expect(await write(worker, dev.inputBucket)).to.equal("denied");
    expect(await read(worker, names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
    expect(await write(worker, names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
  });

  const runTask = (family: string, overrides: TaskOverride = {}): Promise<string> =>
    outcome(
      new ECSClient(clientOf(router)).send(
        new RunTaskCommand({
          cluster: names.cluster,
          taskDefinition: family,
          launchType: "FARGATE",
          overrides,
          networkConfiguration: {
            awsvpcConfiguration: { subnets: [subnet], securityGroups: [group] },
          },
        }),
      ),
    );

  it("let the router start the worker with the worker's own roles", async () => {
    expect(await runTask(names.workerTaskFamily)).to.equal("done");
  });

  it("do not let it pass another role, nor start another task", async () => {
    for (const taskRoleArn of [arnOf(names.applyRole), arnOf(router), `${arnOf(worker)}-2`])
      expect(await runTask(names.workerTaskFamily, { taskRoleArn }), taskRoleArn).to.equal("denied");
    expect(await runTask(names.workerTaskFamily, { executionRoleArn: arnOf(names.applyRole) })).to.equal(
      "denied",
    );
    expect(await runTask(`${names.workerTaskFamily}-${other}`)).to.equal("denied");
  });

  it("let those who plan read the states, and write nothing", async () => {
    const s3 = new S3Client(clientOf(plan));
    const Bucket = names.stateBucket;
    expect(await read(plan, Bucket, "dev/storage.tfstate")).to.equal("done");
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket })))).to.equal("done");
    expect(await read(plan, dev.inputBucket)).to.equal("denied");
    for (const bucket of [Bucket, dev.inputBucket, dev.outputBucket])
      expect(await write(plan, bucket, "dev/storage.tfstate"), bucket).to.equal("denied");
    expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key: "dev/storage.tfstate" })))).to.equal(
      "denied",
    );
    const Policy = { RoleName: worker, PolicyName: "more", PolicyDocument: "{}" };
    expect(await outcome(new IAMClient(clientOf(plan)).send(new PutRolePolicyCommand(Policy)))).to.equal(
      "denied",
    );
    expect(
      await outcome(
        new DynamoDBClient(clientOf(plan)).send(new DescribeTableCommand({ TableName: names.jobsTable })),
      ),
    ).to.equal("ResourceNotFoundException");
  });
});
