import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { createLocalNotifier } from "../../adapters/local/notifier.ts";
import { createWebhookFolder } from "../../adapters/local/webhook-folder.ts";
import type { WebhookSettings } from "../../pipeline/configuration/webhooks-schema.ts";
import { createAppearanceListener } from "../../pipeline/highlights/appearance-event.ts";
import { generateWebhookSecret, WebhookSecretError } from "../../pipeline/webhooks/signature.ts";
import { type LocalWebhooks, openWebhooks } from "../../runtime/webhooks.ts";
import {
  type HttpSubscriber,
  type ReceivedPost,
  startHttpSubscriber,
} from "../adapters/local/http-subscriber.ts";
import { pollUntil } from "../e2e/program.ts";
import { buildAppearance } from "../pipeline/highlights/appearance-fixture.ts";
import { buildFinishedJob } from "../pipeline/webhooks/finished-job.ts";

describe("the webhooks on one machine", function () {
  this.timeout(20_000);
  let folder: string;
  let receiver: HttpSubscriber;
  let webhooks: LocalWebhooks | undefined;
  let notices: string[];
  let offsetMs: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-webhooks-"));
    receiver = await startHttpSubscriber();
    webhooks = undefined;
    notices = [];
    offsetMs = 0;
  });
  afterEach(async () => {
    await webhooks?.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  const catalog = (fields: Partial<WebhookSettings> = {}): WebhookSettings => ({
    name: "catalog",
    url: `http://127.0.0.1:${receiver.port}/hook`,
    secret: "reelway/catalog",
    events: ["job.complete", "job.error"],
    stages: ["local"],
    ...fields,
  });
  const open = async (settings: readonly WebhookSettings[] = [catalog()]): Promise<LocalWebhooks> => {
    webhooks = await openWebhooks({
      webhooks: settings,
      directory: join(folder, "webhooks"),
      secretsDirectory: join(folder, "webhook-secrets"),
      clock: { now: () => new Date(Date.now() + offsetMs) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      notify: (line) => notices.push(line),
    });
    return webhooks;
  };
  const readSecret = (name = "catalog") => readFile(join(folder, "webhook-secrets", name), "utf8");
  const store = () => createWebhookFolder(join(folder, "webhooks"));
  const waitFor = (expected: object) =>
    pollUntil(async () => {
      const status = await store().readStatus("catalog");
      return Object.entries(expected).every(([name, value]) =>
        Object.entries(status).some(([key, one]) => key === name && one === value),
      )
        ? status
        : undefined;
    });
  const verify = async ({ headers, body }: ReceivedPost, secret?: string) =>
    new Webhook(secret ?? (await readSecret()).trim()).verify(body, headers as Record<string, string>);

  it("deliver a signed event, and create a secret that only this user can read", async () => {
    const { send } = await open();
    const { mode } = await stat(join(folder, "webhook-secrets", "catalog"));
    const job = buildFinishedJob();
    await send(job);
    const post = await receiver.take();

    expect(mode & 0o777).to.equal(0o600);
    expect(await readSecret()).to.match(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(await verify(post)).to.deep.equal({ type: "job.complete", timestamp: job.finishedAt, data: job });
    expect(await waitFor({ delivered: 1, pending: 0 })).to.have.property("lastDeliveredAt");
    expect(notices).to.deep.equal([]);
  });

  it("deliver the events that a channel's watcher publishes to the topic, each with one id however often", async () => {
    const { send } = await open([catalog({ events: ["appearance.started", "appearance.ended"] })]);
    const listener = createAppearanceListener({
      notifier: createLocalNotifier(join(folder, "notifications.jsonl"), async (_topic, { message }) =>
        send(JSON.parse(message)),
      ),
      topic: "topic",
      archiveBucket: "output",
    });
    await listener.onStarted(buildAppearance({ status: "open" }));
    const start = await receiver.take();
    await listener.onEnded(buildAppearance());
    const end = await receiver.take();
    await waitFor({ delivered: 2, pending: 0 });
    await listener.onEnded(buildAppearance());
    const repeatedEnd = await receiver.take();

    expect(await verify(start)).to.have.property("type", "appearance.started");
    expect(await verify(end)).to.have.property("type", "appearance.ended");
    expect(repeatedEnd.headers["webhook-id"]).to.equal(end.headers["webhook-id"]);
    expect(start.headers["webhook-id"]).to.not.equal(end.headers["webhook-id"]);
  });

  it("use a changed secret at once, and sign with two during a rotation", async () => {
    const { send } = await open();
    const values = [generateWebhookSecret(), generateWebhookSecret()];
    await writeFile(join(folder, "webhook-secrets", "catalog"), values.join(" "));
    await send(buildFinishedJob());
    const post = await receiver.take();

    for (const value of values) expect(await verify(post, value)).to.have.property("type", "job.complete");
  });

  it("end the start with the file of a secret that cannot sign", async () => {
    await open();
    await webhooks?.close();
    await writeFile(join(folder, "webhook-secrets", "catalog"), "password");
    const failure = await open().catch((cause: unknown) => cause);

    expect(failure).to.be.instanceOf(WebhookSecretError);
    expect(String(failure)).to.include(join("webhook-secrets", "catalog")).and.not.include("password");
  });

  it("send a failed delivery again with the same id, also after a restart", async () => {
    receiver.setStatus({ status: 503 });
    await (await open()).send(buildFinishedJob());
    const first = await receiver.take();
    expect((await waitFor({ pending: 1, delivered: 0 })).deadLetter).to.equal(0);
    await pollUntil(async () => (await store().readStatus("catalog")).lastFailure);
    await webhooks?.close();
    receiver.setStatus({ status: 200 });
    offsetMs = 7000;
    await open();
    const second = await receiver.take();

    expect(second.headers["webhook-id"]).to.equal(first.headers["webhook-id"]);
    expect(second.body).to.equal(first.body);
    expect((await waitFor({ delivered: 1, pending: 0 })).lastFailure).to.include({
      status: 503,
      reason: "The endpoint returned status 503.",
    });
    expect(notices).to.deep.equal([
      "Warning: Webhook catalog failed: The endpoint returned status 503. Deliveries are retried for a day.",
    ]);
  });

  it("store a duplicate of a pending event once, and deliver a later one with the same id", async () => {
    receiver.setStatus({ status: 500 });
    const { send } = await open();
    await Promise.all([send(buildFinishedJob()), send(buildFinishedJob())]);
    const first = await receiver.take();
    expect(await waitFor({ pending: 1 })).to.have.property("pending", 1);
    await pollUntil(async () => (await store().readStatus("catalog")).lastFailure);
    receiver.setStatus({ status: 200 });
    offsetMs = 7000;
    await receiver.take();
    await waitFor({ delivered: 1, pending: 0 });
    await send(buildFinishedJob());

    expect((await receiver.take()).headers["webhook-id"]).to.equal(first.headers["webhook-id"]);
  });

  it("give up at once if the endpoint is gone, and deliver again after a redelivery", async () => {
    receiver.setStatus({ status: 410 });
    await (await open()).send(buildFinishedJob());
    const first = await receiver.take();
    await waitFor({ deadLetter: 1, pending: 0 });
    const id = String(first.headers["webhook-id"]);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.include("npx reelway webhooks redeliver catalog --all-failed");

    receiver.setStatus({ status: 200 });
    expect(await store().redeliver("catalog", () => false)).to.deep.equal([]);
    expect(await store().redeliver("catalog", ({ subjectId }) => subjectId === "a".repeat(52))).to.deep.equal(
      [id],
    );
    expect((await receiver.take()).headers["webhook-id"]).to.equal(id);
    await waitFor({ delivered: 1, pending: 0, deadLetter: 0 });
  });

  it("give up after a day of retries", async () => {
    receiver.setStatus({ status: 500 });
    await (await open()).send(buildFinishedJob());
    await receiver.take();
    await pollUntil(async () => (await store().readStatus("catalog")).lastFailure);
    offsetMs = 86_400_000;
    await receiver.take();

    expect(await waitFor({ deadLetter: 1, pending: 0 })).to.have.property("delivered", 0);
  });

  it("deliver only the events of each webhook of the stage local, and no slow endpoint delays another", async () => {
    const other = await startHttpSubscriber();
    try {
      const { send } = await open([
        catalog({ url: "http://127.0.0.1:1/", events: ["job.complete"] }),
        catalog({ name: "errors", url: other.url, events: ["job.error"] }),
        catalog({ name: "elsewhere", stages: ["dev"] }),
        { ...catalog({ name: "aws" }), stages: undefined },
      ]);
      await send(buildFinishedJob());
      await send(buildFinishedJob({ status: "Error", attempt: 2 }));

      expect(JSON.parse((await other.take()).body)).to.have.property("type", "job.error");
      expect(
        (await pollUntil(async () => (await store().readStatus("catalog")).lastFailure)).reason,
      ).to.include("ECONNREFUSED");
      expect(await readdir(join(folder, "webhook-secrets"))).to.have.members(["catalog", "errors"]);
    } finally {
      await other.close();
    }
  });

  it("set a broken file aside and deliver the others", async () => {
    receiver.setStatus({ status: 500 });
    await (await open()).send(buildFinishedJob());
    await receiver.take();
    await webhooks?.close();
    const pending = join(folder, "webhooks", "catalog", "pending");
    const broken = `msg_${"0".repeat(32)}.json`;
    await writeFile(join(pending, broken), '{"id":');
    receiver.setStatus({ status: 200 });
    offsetMs = 7000;
    await open();
    await receiver.take();
    await waitFor({ delivered: 1, pending: 0 });

    expect(await readdir(pending)).to.deep.equal([`${broken}.broken`]);
  });
});
