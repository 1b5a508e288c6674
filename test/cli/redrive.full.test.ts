import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  CreateQueueCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createSqsDeadLetterStore } from "../../adapters/aws/dead-letter-store.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { createRouter } from "../../lambdas/router/route-uploads.ts";
import { listDeadLetterQueues } from "../../modules/dead-letter-queues.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { redriveQueue } from "../../pipeline/events/redrive.ts";
import { startEmulator } from "../apply/emulator.ts";
import type { Moto } from "../contract/moto.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import {
  directFailure,
  schedulerFailure,
  stoppedTask,
  uploadEvent,
} from "../pipeline/events/dead-letter-samples.ts";
import { openJobFixture } from "../pipeline/jobs/job-fixture.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";

const configuration = parseConfiguration(wholeConfiguration);
const { dev } = configuration.stages;
if (dev === undefined) throw new Error("The configuration has no stage dev.");
const queues = listDeadLetterQueues({ ...dev, project: configuration.project, stage: "dev" }, configuration);
const directQueue = queues.find(({ origin }) => origin === "direct-route")?.name ?? "";
const sources = ["reelway-dev-router", "reelway-dev-job-events"];

describe("dead-letter queues of a stage", () => {
  let moto: Moto;
  let folder: string;
  let sqs: SQSClient;
  before(async () => {
    moto = await startEmulator();
    folder = await mkdtemp(join(tmpdir(), "reelway-redrive-"));
    sqs = new SQSClient(moto.client);
    for (const QueueName of [...sources, ...queues.map(({ name }) => name)])
      await sqs.send(new CreateQueueCommand({ QueueName }));
  });
  beforeEach(async () => {
    for (const name of [...sources, ...queues.map((queue) => queue.name)])
      await sqs.send(new PurgeQueueCommand({ QueueUrl: toUrl(name) }));
  });
  after(async () => {
    await moto.close();
    await rm(folder, { recursive: true, force: true });
  });
  const toUrl = (name: string): string => `${moto.client.endpoint}/123456789012/${name}`;
  const put = async (queue: string, content: unknown, attributes: Readonly<Record<string, string>> = {}) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: toUrl(queue),
        MessageBody: typeof content === "string" ? content : JSON.stringify(content),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { DataType: "String", StringValue: value },
          ]),
        ),
      }),
    );
  /** Reads all visible messages and leaves them. */
  const readAll = async (queue: string): Promise<readonly string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages: messages = [] }: { Messages?: Message[] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: toUrl(queue), MaxNumberOfMessages: 10 }),
      );
      if (messages.length === 0) return bodies;
      bodies.push(...messages.map(({ Body: body = "" }) => body));
    }
  };
  const reelway = async (...args: readonly string[]): Promise<CommandResult> => {
    const child = spawn(process.execPath, [bin, "redrive", ...args], {
      cwd: folder,
      env: {
        ...motoEnvironment(moto),
        REELWAY_CONFIG: join(packageDirectory, "test/synth/whole.config.ts"),
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
  /** Puts messages of every origin into the queues. */
  const fill = async (): Promise<void> => {
    // From the queue itself, from its rule, and from a rule for stopped tasks.
    await put("reelway-dev-router-dlq", uploadEvent);
    await put("reelway-dev-router-dlq", uploadEvent, { ...directFailure, ERROR_CODE: "SDK_CLIENT_ERROR" });
    await put("reelway-dev-job-events-dlq", stoppedTask);
    await put(directQueue, uploadEvent, directFailure);
    await put(directQueue, "not an event");
    await put("reelway-dev-reconciler-dlq", { schedule: "reelway-dev-reconciler" }, schedulerFailure);
    await put("reelway-dev-webhook-catalog-dlq", "{}");
  };

  it("are counted by kind and error code in a dry run, which changes nothing", async () => {
    await fill();
    const result = await reelway("--stage", "dev", "--dry-run", "--json");
    expect(result.code).to.equal(0);
    const counts = Object.fromEntries(
      JSON.parse(result.stdout).queues.map((one: { queue: string; counts: object; errorCodes: object }) => [
        one.queue,
        [one.counts, one.errorCodes],
      ]),
    );
    const none = { requeue: 0, "direct-upload": 0, schedule: 0, unknown: 0 };
    expect(counts).to.deep.equal({
      "reelway-dev-router-dlq": [{ ...none, requeue: 2 }, { SDK_CLIENT_ERROR: 1 }],
      "reelway-dev-job-events-dlq": [{ ...none, requeue: 1 }, {}],
      [directQueue]: [{ ...none, "direct-upload": 1, unknown: 1 }, { NO_PERMISSIONS: 1 }],
      "reelway-dev-reconciler-dlq": [{ ...none, schedule: 1 }, { "AWS.Lambda.TooManyRequestsException": 1 }],
    });
    expect(await readAll("reelway-dev-router-dlq")).to.have.length(2);
    expect(await readAll(sources[0] ?? "")).to.deep.equal([]);
  });

  it("are redriven: messages go where they belong, unknown ones stay and are named", async () => {
    await fill();
    const { MessageId } = await put(directQueue, "also unknown");
    const result = await reelway("--stage", "dev", "--yes");
    expect(result).to.include({ code: 0, stdout: "" });
    expect(result.stderr)
      .to.include("reelway-dev-router-dlq: 2 messages sent to reelway-dev-router\n")
      .and.to.include(
        `${directQueue}: 1 message sent to reelway-dev-router, whose function starts the uploads\n`,
      )
      .and.to.include(
        "reelway-dev-reconciler-dlq: 1 message deleted: the next run of the schedule does the work\n",
      )
      .and.to.match(
        new RegExp(`${directQueue}: 2 messages left, because their kind is unknown: .*${MessageId}`),
      )
      .and.to.include("npx reelway webhooks redeliver catalog --stage dev --all-failed");
    const routed = await readAll("reelway-dev-router");
    expect(
      routed.map((body) => JSON.parse(body)).filter(({ reelway: kind }) => kind === "claim"),
    ).to.deep.equal([{ reelway: "claim", event: uploadEvent }]);
    expect(routed.filter((body) => body === JSON.stringify(uploadEvent))).to.have.length(2);
    expect(await readAll("reelway-dev-job-events")).to.deep.equal([JSON.stringify(stoppedTask)]);
    expect(await readAll(directQueue)).to.have.members(["not an event", "also unknown"]);
    for (const queue of [
      "reelway-dev-router-dlq",
      "reelway-dev-job-events-dlq",
      "reelway-dev-reconciler-dlq",
    ])
      expect(await readAll(queue), queue).to.deep.equal([]);
  });

  it("are selected by name, and need a known name and an answer", async () => {
    await put("reelway-dev-router-dlq", uploadEvent);
    await put("reelway-dev-job-events-dlq", stoppedTask);
    const unknown = await reelway("--stage", "dev", "--queue", "lost-dlq", "--yes");
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.include(
      "no dead-letter queue lost-dlq. Available queues: reelway-dev-router-dlq,",
    );
    const unasked = await reelway("--stage", "dev");
    expect(unasked.code).to.equal(2);
    expect(unasked.stderr).to.include("reelway redrive --stage dev --dry-run, then pass --yes.");
    expect((await reelway("--stage", "dev", "--queue", "router-dlq", "--yes")).code).to.equal(0);
    expect(await readAll("reelway-dev-router-dlq")).to.deep.equal([]);
    expect(await readAll("reelway-dev-job-events-dlq")).to.have.length(1);
  });

  it("send an upload at least once if a run ends between send and delete, which makes one job", async () => {
    const fixture = await openJobFixture();
    const { inputBucket } = fixture.ports;
    const event = { ...uploadEvent, detail: { ...uploadEvent.detail, bucket: { name: inputBucket } } };
    await put(directQueue, event, directFailure);
    const store = createSqsDeadLetterStore(sqs);
    const queue = queues.find(({ name }) => name === directQueue);
    if (queue === undefined) throw new Error("no queue");
    const redrive = (remove: typeof store.remove) =>
      redriveQueue(
        {
          store: { ...store, remove },
          clock: { now: () => new Date(Date.now() + 60_000) },
          wait: async () => undefined,
        },
        queue,
        { isDryRun: false, signal: new AbortController().signal },
      );
    const interruption = await redrive(() => Promise.reject(new Error("killed"))).catch(
      (cause: unknown) => cause,
    );
    expect(String(interruption)).to.include("killed");
    expect((await redrive(store.remove)).counts["direct-upload"]).to.equal(1);
    expect(await readAll(directQueue)).to.deep.equal([]);

    const bodies = await readAll("reelway-dev-router");
    expect(bodies).to.have.length(2);
    const route = createRouter(fixture.ports);
    for (const [index, body] of bodies.entries())
      expect(
        await route({ Records: [{ eventSource: "aws:sqs", messageId: String(index), body }] }),
      ).to.deep.equal({ batchItemFailures: [] });
    expect([...fixture.started.keys()]).to.have.length(1);
    await fixture.close();
  });

  it("of a stage that is not deployed are an error", async () => {
    const result = await reelway("--stage", "live", "--yes");
    expect(result.code).to.equal(1);
    expect(result.stderr).to.include("Stage live has no dead-letter queues in this account and Region.");
  });
});
