import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import * as z from "zod";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { ensureTable } from "../../adapters/local/database.ts";
import { listDeadLetterQueues } from "../../modules/dead-letter-queues.ts";
import { buildDeploymentNames } from "../../modules/names.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import { registerRoutes } from "../../pipeline/jobs/route-registry.ts";
import { jobsTable, transcoderTable } from "../../pipeline/ports/tables.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { runBootstrapCheck } from "../../terraform/doctor/check-bootstrap.ts";
import { runBucketsCheck } from "../../terraform/doctor/check-buckets.ts";
import { openStageAccount } from "../../terraform/doctor/stage-account.ts";
import { readStackResources } from "../../terraform/runner/stack-resources.ts";
import { readStacks } from "../../terraform/runner/stacks.ts";
import type { Moto } from "../contract/moto.ts";
import { fetchFirst } from "../contract/moto-ecs.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import { uploadEvent } from "../pipeline/events/dead-letter-samples.ts";
import { listResources, type Synthesis, synthesizeWhole } from "../synth/synthesize.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";
import { startEmulator } from "./emulator.ts";
import { account, resolveReferences } from "./resolve-references.ts";

const configuration = parseConfiguration(wholeConfiguration);
const { dev } = configuration.stages;
if (dev === undefined) throw new Error("The configuration has no stage dev.");
const deployment = { ...dev, project: configuration.project, stage: "dev" };
const names = buildDeploymentNames(deployment);
const policySchema = z.looseObject({ name: z.string(), policy: z.string() });
const refusal = z.union([
  z.object({ $response: z.object({ statusCode: z.literal(403) }) }),
  z.object({ name: z.enum(["AccessDeniedException", "AccessDenied"]) }),
]);

describe("a user with the operator policy alone, with IAM enforced", function () {
  this.timeout(180_000);
  let moto: Moto;
  let synthesis: Synthesis;
  let operator: Moto["client"];
  /** A user without a policy. */
  let stranger: Moto["client"];
  let jobIds: readonly string[];
  let taskArn: string;
  const clock = { now: () => new Date() };
  const toUrl = (queue: string) => `${moto.client.endpoint}/${account}/${queue}`;

  /** Creates the policy of the synthesized stack, a user with it, and its access key. */
  const createOperator = async (): Promise<Moto["client"]> => {
    const iam = new IAMClient(moto.client);
    const policy = listResources(synthesis.stack("dev-state"), "aws_iam_policy")
      .map((resource) => policySchema.parse(resource))
      .find(({ name }) => name === names.operatorPolicy);
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: names.operatorPolicy,
        PolicyDocument: resolveReferences(policy?.policy ?? ""),
      }),
    );
    await iam.send(new CreateUserCommand({ UserName: "ann" }));
    await iam.send(new AttachUserPolicyCommand({ UserName: "ann", PolicyArn: Policy?.Arn }));
    return createKey("ann");
  };
  const createKey = async (UserName: string): Promise<Moto["client"]> => {
    const { AccessKey } = await new IAMClient(moto.client).send(new CreateAccessKeyCommand({ UserName }));
    return {
      ...moto.client,
      credentials: {
        accessKeyId: AccessKey?.AccessKeyId ?? "",
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      },
    };
  };
  const runWorker = async (): Promise<string> => {
    const ecs = new ECSClient(moto.client);
    await ecs.send(new CreateClusterCommand({ clusterName: names.cluster }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: names.workerTaskFamily,
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "1024",
        memory: "2048",
        containerDefinitions: [{ name: "ffmpeg", image: "ffmpeg", essential: true, memory: 2048 }],
      }),
    );
    const { tasks } = await ecs.send(
      new RunTaskCommand({
        cluster: names.cluster,
        taskDefinition: names.workerTaskFamily,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [await fetchFirst(moto, "DescribeSubnets", "subnetId")],
            securityGroups: [await fetchFirst(moto, "DescribeSecurityGroups", "groupId")],
          },
        },
      }),
    );
    return tasks?.[0]?.taskArn ?? "";
  };

  before(async () => {
    [moto, synthesis] = await Promise.all([startEmulator(), synthesizeWhole()]);
    operator = await createOperator();
    await new IAMClient(moto.client).send(new CreateUserCommand({ UserName: "bob" }));
    stranger = await createKey("bob");
    const database = new DynamoDBClient(moto.client);
    await ensureTable(database, names.jobsTable, jobsTable);
    await ensureTable(database, names.transcoderTable, transcoderTable);
    const s3 = new S3Client(moto.client);
    for (const Bucket of [dev.inputBucket, dev.outputBucket, names.stateBucket]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      for (const Key of ["film.mkv", "dev/state.tfstate", "dev/storage.tfstate"])
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    }
    const sqs = new SQSClient(moto.client);
    for (const queue of listDeadLetterQueues(deployment, configuration))
      for (const QueueName of [queue.name, ...("target" in queue ? [queue.target] : [])])
        await sqs.send(new CreateQueueCommand({ QueueName }));
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: toUrl(`${names.router}-dlq`),
        MessageBody: JSON.stringify(uploadEvent),
      }),
    );
    taskArn = await runWorker();
    const [route] = configuration.routes.filter(({ engine }) => engine === "ffmpeg");
    if (route === undefined) throw new Error("The configuration has no route.");
    const store = createDynamoJobStore(database, names.jobsTable, clock);
    const jobs = ["1", "2"].map((versionId) =>
      buildJob(
        route,
        { bucket: dev.inputBucket, key: `${route.prefix}film.mkv`, bytes: 5, versionId },
        { configuration, outputBucket: dev.outputBucket, now: new Date().toISOString(), metadata: {} },
      ),
    );
    jobIds = jobs.map(({ id }) => id);
    for (const job of jobs) await store.claim(job);
    await store.recordStart(jobIds[0] ?? "", 1, taskArn);
    await store.closeJob(jobIds[1] ?? "", 1, {
      status: "Error",
      detail: "",
      error: new JobFailure(1001, "The task was stopped.", { retryable: true }).toJobError(),
    });
    await registerRoutes({
      configuration,
      inputBucket: dev.inputBucket,
      sweeps: createDynamoSweepStore(database, names.jobsTable),
      clock,
    });
    await fetch(`${moto.client.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  });
  after(() => moto.close());

  const reelway = (...args: readonly string[]): Promise<CommandResult> => reelwayAs(operator, ...args);
  const reelwayAs = async (
    { credentials }: Moto["client"],
    ...args: readonly string[]
  ): Promise<CommandResult> => {
    const child = spawn(process.execPath, [bin, ...args, "--stage", "dev"], {
      env: {
        ...motoEnvironment(moto),
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        REELWAY_CONFIG: "test/synth/whole.config.ts",
        PATH: "/nonexistent",
      },
    });
    child.stdin.end();
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close"),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code: Number(code ?? 1), stdout, stderr };
  };
  const describeOutcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => "done",
      (cause: unknown) => {
        if (refusal.safeParse(cause).success) return "denied";
        return cause instanceof Error ? cause.name : String(cause);
      },
    );

  it("lists and retries jobs, and cancels one with its task", async () => {
    const [running = "", failed = ""] = jobIds;
    const listed = await reelway("jobs", "--json");
    expect(listed.stderr).to.equal("");
    expect(JSON.parse(listed.stdout).jobs.map(({ id }: { id: string }) => id)).to.have.members([...jobIds]);
    expect(await reelway("retry", failed)).to.include({ code: 0, stderr: "" });
    expect(await reelway("cancel", running)).to.include({ code: 0, stderr: "" });
    const ecs = new ECSClient(moto.client);
    await fetch(`${moto.client.endpoint}/moto-api/reset-auth`, { method: "POST", body: "inf" });
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: names.cluster, tasks: [taskArn] }));
    await fetch(`${moto.client.endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
    expect(tasks?.[0]?.stoppedReason).to.equal("canceled by an operator");
  });

  it("creates the jobs of older uploads, which a user without the policy may not", async () => {
    const match = matchRoute(configuration, "film.mkv");
    const name = match.kind === "route" ? match.route.name : "";
    const backfill = ["backfill", "--route", name, "--since", "1d", "--yes", "--json"];
    const denied = await reelwayAs(stranger, ...backfill);
    expect(denied).to.include({ code: 1, stdout: "" });
    expect(denied.stderr).to.include(`Attach the policy ${names.operatorPolicy}`);
    const { code, stdout, stderr } = await reelway(...backfill);
    expect({ code, ...JSON.parse(stdout) }, stderr).to.include({ code: 0, uploads: 1, claimed: 1 });
  });

  it("redrives dead-letter queues", async () => {
    const redriven = await reelway("redrive", "--yes");
    expect(redriven.stderr).to.include(`${names.router}-dlq: 1 message sent to ${names.router}\n`);
    expect(redriven.code).to.equal(0);
  });

  it("reads uploads, and what the doctor checks", async () => {
    const s3 = new S3Client(operator);
    const input = { Bucket: dev.inputBucket, Key: "film.mkv" };
    expect(await describeOutcome(s3.send(new HeadObjectCommand(input)))).to.equal("done");
    expect(
      await describeOutcome(s3.send(new ListObjectVersionsCommand({ Bucket: dev.inputBucket }))),
    ).to.equal("done");
    const stageAccount = openStageAccount(operator);
    const stacks = (await readStacks(synthesis.directory)).filter(({ stage }) => stage === "dev");
    const resources = await readStackResources(stacks);
    const results = [
      ...(await runBootstrapCheck({ deployment, names }, stageAccount)),
      ...(await runBucketsCheck({ deployment, names, resources }, stageAccount)),
    ];
    stageAccount.close();
    for (const { message } of results) expect(message).to.not.include("do not allow");
    expect(results[0]).to.include({ name: "bootstrap", status: "ok" });
  });

  it("reads no output and no other state, and writes no transcoder job, object or other queue", async () => {
    const s3 = new S3Client(operator);
    const read = (Bucket: string, Key: string) =>
      describeOutcome(s3.send(new GetObjectCommand({ Bucket, Key })));
    expect(await read(dev.outputBucket, "film.mkv")).to.equal("denied");
    expect(await read(names.stateBucket, "dev/storage.tfstate")).to.equal("denied");
    for (const Bucket of [dev.inputBucket, dev.outputBucket, names.stateBucket])
      expect(
        await describeOutcome(s3.send(new PutObjectCommand({ Bucket, Key: "film.mkv", Body: "y" }))),
        Bucket,
      ).to.equal("denied");
    const put = (TableName: string) =>
      describeOutcome(
        new DynamoDBClient(operator).send(new PutItemCommand({ TableName, Item: { id: { S: "x" } } })),
      );
    expect(await put(names.jobsTable)).to.equal("done");
    expect(await put(names.transcoderTable)).to.equal("denied");
    const sqs = new SQSClient(operator);
    for (const queue of [names.router, names.jobEvents])
      expect(
        await describeOutcome(sqs.send(new ReceiveMessageCommand({ QueueUrl: toUrl(queue) }))),
        queue,
      ).to.equal("denied");
    expect(
      await describeOutcome(
        sqs.send(new SendMessageCommand({ QueueUrl: toUrl(`${names.router}-dlq`), MessageBody: "{}" })),
      ),
    ).to.equal("denied");
    expect(
      await describeOutcome(
        new ECSClient(operator).send(
          new RunTaskCommand({ cluster: names.cluster, taskDefinition: names.workerTaskFamily }),
        ),
      ),
    ).to.equal("denied");
  });
});
