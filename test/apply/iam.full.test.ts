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
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import * as z from "zod";
import { buildDeploymentNames } from "../../modules/names.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import type { Moto } from "../contract/moto.ts";
import { fetchFirst } from "../contract/moto-ecs.ts";
import { listResources, type Synthesis, synthesizeWhole } from "../synth/synthesize.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { startEmulator } from "./emulator.ts";
import { account, resolveReferences } from "./resolve-references.ts";

const { project, stages } = parseConfiguration(wholeConfiguration);
const { dev } = stages;
if (dev === undefined) throw new Error("The configuration has no stage dev.");
const names = buildDeploymentNames({ project, stage: "dev", ...dev });
const buildRoleArn = (role: string): string => `arn:aws:iam::${account}:role/${role}`;

const roleSchema = z.looseObject({ name: z.string(), assume_role_policy: z.string() });
const policySchema = z.looseObject({ role: z.string(), name: z.string(), policy: z.string() });

/** Creates the stage's roles with their policies, as Terraform would. */
const makeRoles = async (iam: IAMClient, synthesis: Synthesis): Promise<void> => {
  for (const stack of ["dev-state", "dev-compute", "dev-routing", "dev-api"].map(synthesis.stack)) {
    const roles = Object.entries(stack.resource.aws_iam_role ?? {}).map(
      ([id, role]) => [id, roleSchema.parse(role)] as const,
    );
    for (const [, role] of roles)
      await iam.send(
        new CreateRoleCommand({
          RoleName: role.name,
          AssumeRolePolicyDocument: resolveReferences(role.assume_role_policy),
        }),
      );
    for (const policy of listResources(stack, "aws_iam_role_policy").map((one) => policySchema.parse(one)))
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: roles.find(([id]) => policy.role === `\${aws_iam_role.${id}.name}`)?.[1].name,
          PolicyName: policy.name,
          PolicyDocument: resolveReferences(policy.policy, stack.resource.aws_sqs_queue),
        }),
      );
  }
};

const refusal = z.union([
  z.object({ $response: z.object({ statusCode: z.literal(403) }) }),
  z.object({ name: z.literal("AccessDeniedException") }),
]);

/**
 * The outcome of a call: `done`, `denied`, or the error's name. moto reports some denials in another
 * service's form.
 */
const describeOutcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (cause: unknown) => {
      if (refusal.safeParse(cause).success) return "denied";
      return cause instanceof Error ? cause.name : String(cause);
    },
  );

describe("the stage's roles with IAM enforced", function () {
  this.timeout(180_000);
  let moto: Moto;
  let synthesis: Synthesis;
  /** Client options of each role. */
  const as = new Map<string, Moto["client"]>();
  const getClientOptions = (role: string): Moto["client"] => {
    const credentials = as.get(role);
    if (credentials === undefined) throw new Error(`Nobody has taken ${role}.`);
    return credentials;
  };
  const read = (role: string, Bucket: string, Key = "film.mp4") =>
    describeOutcome(new S3Client(getClientOptions(role)).send(new GetObjectCommand({ Bucket, Key })));
  const writeObject = (role: string, Bucket: string, Key = "made.mp4") =>
    describeOutcome(
      new S3Client(getClientOptions(role)).send(new PutObjectCommand({ Bucket, Key, Body: "x" })),
    );
  const [worker, router, plan, api, webhooks] = [
    `${names.workerTaskFamily}-task`,
    names.router,
    names.planRole,
    names.api,
    names.webhooks,
  ];
  const catalogQueue = `${names.webhookQueuePrefix}catalog`;
  const other = "other";
  let subnet: string;
  let group: string;

  before(async () => {
    [moto, synthesis] = await Promise.all([startEmulator(), synthesizeWhole()]);
    const iam = new IAMClient(moto.client);
    await makeRoles(iam, synthesis);
    const s3 = new S3Client(moto.client);
    for (const Bucket of [dev.inputBucket, dev.outputBucket, names.stateBucket]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      for (const Key of ["film.mp4", "dev/storage.tfstate"])
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    }
    subnet = await fetchFirst(moto, "DescribeSubnets", "subnetId");
    group = await fetchFirst(moto, "DescribeSecurityGroups", "groupId");
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
          taskRoleArn: buildRoleArn(task ?? ""),
          executionRoleArn: buildRoleArn(`${names.workerTaskFamily}-execution`),
          containerDefinitions: [{ name: "ffmpeg", image: "ffmpeg", essential: true }],
        }),
      );
    const sqs = new SQSClient(moto.client);
    for (const QueueName of [catalogQueue, `${catalogQueue}-dlq`, names.router, `${names.router}-dlq`])
      await sqs.send(new CreateQueueCommand({ QueueName }));
    const secrets = new SecretsManagerClient(moto.client);
    for (const Name of ["reelway/catalog", "reelway/catalog-2", names.transcoderKeys])
      await secrets.send(new CreateSecretCommand({ Name, SecretString: "value" }));
    const sts = new STSClient(moto.client);
    for (const role of [worker, router, plan, api, webhooks]) {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn: buildRoleArn(role), RoleSessionName: "test" }),
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

  it("lets the worker read uploads and write outputs only", async () => {
    expect(await read(worker, dev.inputBucket)).to.equal("done");
    expect(await writeObject(worker, dev.outputBucket)).to.equal("done");
    expect(await writeObject(worker, dev.inputBucket)).to.equal("denied");
    expect(await read(worker, names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
    expect(await writeObject(worker, names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
  });

  const runTask = (family: string, overrides: TaskOverride = {}, role = router): Promise<string> =>
    describeOutcome(
      new ECSClient(getClientOptions(role)).send(
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

  it("lets the router start the worker with the worker's roles", async () => {
    expect(await runTask(names.workerTaskFamily)).to.equal("done");
  });

  it("denies the router other roles and other tasks", async () => {
    for (const taskRoleArn of [
      buildRoleArn(names.applyRole),
      buildRoleArn(router),
      `${buildRoleArn(worker)}-2`,
    ])
      expect(await runTask(names.workerTaskFamily, { taskRoleArn }), taskRoleArn).to.equal("denied");
    expect(
      await runTask(names.workerTaskFamily, { executionRoleArn: buildRoleArn(names.applyRole) }),
    ).to.equal("denied");
    expect(await runTask(`${names.workerTaskFamily}-${other}`)).to.equal("denied");
  });

  it("lets the API write uploads, but no outputs, states or tasks", async () => {
    expect(await writeObject(api, dev.inputBucket)).to.equal("done");
    expect(await writeObject(api, dev.outputBucket)).to.equal("denied");
    expect(await read(api, names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
    expect(await runTask(names.workerTaskFamily, {}, api)).to.equal("denied");
  });

  it("lets the function webhooks read the secrets of webhooks and use their queues only", async () => {
    const secrets = new SecretsManagerClient(getClientOptions(webhooks));
    const readSecret = (SecretId: string) =>
      describeOutcome(secrets.send(new GetSecretValueCommand({ SecretId })));
    expect(await readSecret("reelway/catalog")).to.equal("done");
    for (const name of ["reelway/catalog-2", names.transcoderKeys])
      expect(await readSecret(name), name).to.equal("denied");
    expect(
      await describeOutcome(
        secrets.send(new PutSecretValueCommand({ SecretId: "reelway/catalog", SecretString: "other" })),
      ),
    ).to.equal("denied");
    const sqs = new SQSClient(getClientOptions(webhooks));
    const toUrl = (queue: string) => `${moto.client.endpoint}/${account}/${queue}`;
    const send = (queue: string) =>
      describeOutcome(sqs.send(new SendMessageCommand({ QueueUrl: toUrl(queue), MessageBody: "{}" })));
    const receive = (queue: string) =>
      describeOutcome(sqs.send(new ReceiveMessageCommand({ QueueUrl: toUrl(queue) })));
    expect(await send(`${catalogQueue}-dlq`)).to.equal("done");
    expect(await receive(catalogQueue)).to.equal("done");
    for (const queue of [catalogQueue, `${names.router}-dlq`])
      expect(await send(queue), queue).to.equal("denied");
    for (const queue of [`${catalogQueue}-dlq`, names.router])
      expect(await receive(queue), queue).to.equal("denied");
  });

  it("lets the plan role read the states and write nothing", async () => {
    const s3 = new S3Client(getClientOptions(plan));
    const Bucket = names.stateBucket;
    expect(await read(plan, Bucket, "dev/storage.tfstate")).to.equal("done");
    expect(await describeOutcome(s3.send(new ListObjectsV2Command({ Bucket })))).to.equal("done");
    expect(await read(plan, dev.inputBucket)).to.equal("denied");
    for (const bucket of [Bucket, dev.inputBucket, dev.outputBucket])
      expect(await writeObject(plan, bucket, "dev/storage.tfstate"), bucket).to.equal("denied");
    expect(
      await describeOutcome(s3.send(new DeleteObjectCommand({ Bucket, Key: "dev/storage.tfstate" }))),
    ).to.equal("denied");
    const Policy = { RoleName: worker, PolicyName: "more", PolicyDocument: "{}" };
    expect(
      await describeOutcome(new IAMClient(getClientOptions(plan)).send(new PutRolePolicyCommand(Policy))),
    ).to.equal("denied");
    const tables = new DynamoDBClient(getClientOptions(plan));
    const describeTable = (TableName: string) =>
      describeOutcome(tables.send(new DescribeTableCommand({ TableName })));
    expect(await describeTable(names.jobsTable)).to.equal("ResourceNotFoundException");
    expect(await describeTable("other-system")).to.equal("denied");
  });
});
