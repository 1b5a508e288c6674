import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type HttpSubscriptions, openHttpSubscriptions } from "../../../adapters/local/http-subscriptions.ts";
import { parseLoopbackUrl } from "../../../adapters/local/loopback-url.ts";
import { createArrivals } from "../../contract/arrivals.ts";
import { type HttpSubscriber, startHttpSubscriber } from "./http-subscriber.ts";

const topic = "arn:aws:sns:us-east-1:000000000000:done";
const notification = (id: string) => ({ id, subject: `about ${id}`, message: JSON.stringify({ jobId: id }) });

describe("HTTP subscriptions of the one-machine runtime", () => {
  let directory: string;
  let subscriber: HttpSubscriber;
  let subscriptions: HttpSubscriptions;
  let warnings: ReturnType<typeof createArrivals<string>>;
  let errors: ReturnType<typeof createArrivals<string>>;
  const open = () =>
    openHttpSubscriptions({
      directory,
      initialBackoffMs: 1,
      log: { info: () => undefined, warn: warnings.arrive, error: errors.arrive },
    });
  const takeSubject = async (): Promise<string> => JSON.parse((await subscriber.take()).body).Subject;
  const listMailboxFiles = async () =>
    (await readdir(directory, { recursive: true })).filter((name) => /\d{13}-\d{6}\.json$/.test(name));

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), "reelway-subscriptions-")), "subscriptions");
    warnings = createArrivals();
    errors = createArrivals();
    subscriber = await startHttpSubscriber();
    subscriptions = await open();
  });
  afterEach(async () => {
    await subscriptions.close();
    await subscriber.close();
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  it("posts a message as SNS does, without the signature", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, notification("job"));
    const { headers, body } = await subscriber.take();
    const { MessageId, Timestamp, ...rest } = JSON.parse(body);
    expect(rest).to.deep.equal({
      Type: "Notification",
      TopicArn: topic,
      Subject: "about job",
      Message: '{"jobId":"job"}',
    });
    expect(MessageId).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Date(Timestamp).toISOString()).to.equal(Timestamp);
    expect(headers).to.include({
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-message-id": MessageId,
      "x-amz-sns-topic-arn": topic,
    });
    expect(headers["x-amz-sns-subscription-arn"]).to.match(
      /^arn:aws:sns:us-east-1:000000000000:done:[0-9a-f-]{36}$/,
    );
  });

  it("uses the same MessageId for every publication and retry of a message", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.setStatus({ status: 500 });
    await subscriptions.publish(topic, notification("job"));
    const [first, second] = [await subscriber.take(), await subscriber.take()];
    subscriber.setStatus({ status: 200 });
    await subscriptions.publish(topic, notification("job"));
    await subscriptions.publish(topic, notification("other"));
    const ids = new Map([["about job", new Set([JSON.parse(first.body).MessageId])]]);
    while (!ids.has("about other")) {
      const { Subject, MessageId } = JSON.parse((await subscriber.take()).body);
      ids.set(Subject, (ids.get(Subject) ?? new Set()).add(MessageId));
    }
    expect(second).to.deep.equal(first);
    expect([...ids].map(([subject, messageIds]) => [subject, messageIds.size])).to.deep.equal([
      ["about job", 1],
      ["about other", 1],
    ]);
    expect([...(ids.get("about other") ?? [])]).not.to.have.members([...(ids.get("about job") ?? [])]);
  });

  it("delivers a message to its topic's subscribers only, in order", async () => {
    const other = await startHttpSubscriber();
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.add({ topic: `${topic}-2`, url: other.url });
    await subscriptions.publish(topic, notification("1"));
    await subscriptions.publish(`${topic}-3`, notification("2"));
    await subscriptions.publish(`${topic}-2`, notification("3"));
    await subscriptions.publish(topic, notification("4"));
    expect([await takeSubject(), await takeSubject()]).to.deep.equal(["about 1", "about 4"]);
    expect(JSON.parse((await other.take()).body).Subject).to.equal("about 3");
    await other.close();
  });

  it("does not let an unreachable subscriber delay the sender or other subscribers", async () => {
    const unreachable = await startHttpSubscriber();
    await unreachable.close();
    await subscriptions.add({ topic, url: unreachable.url });
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, notification("1"));
    await subscriptions.publish(topic, notification("2"));
    expect([await takeSubject(), await takeSubject()]).to.deep.equal(["about 1", "about 2"]);
    expect(await warnings.take()).to.include("Message delivery failed; retrying");
    const revived = await startHttpSubscriber(unreachable.port);
    const subjects = [await revived.take(), await revived.take()].map(({ body }) => JSON.parse(body).Subject);
    expect(subjects).to.have.members(["about 1", "about 2"]);
    await revived.close();
  });

  it("retries a rejected message after the others", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.setStatus({ status: 404 });
    await subscriptions.publish(topic, notification("1"));
    await subscriptions.publish(topic, notification("2"));
    while ((await takeSubject()) !== "about 2");
    while ((await takeSubject()) !== "about 1");
    expect(await listMailboxFiles()).to.have.length(2);
  });

  it("delivers pending messages after a restart, and no delivered ones", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, notification("delivered"));
    await subscriber.take();
    subscriber.setStatus({ status: 503 });
    await subscriptions.publish(topic, notification("undelivered"));
    while ((await takeSubject()) !== "about undelivered");
    await subscriptions.close();
    expect(await listMailboxFiles()).to.have.length(1);

    subscriber.setStatus({ status: 200 });
    subscriptions = await open();
    expect(subscriptions.list()).to.deep.equal([{ topic, url: subscriber.url }]);
    while ((await takeSubject()) !== "about undelivered");
    await subscriptions.publish(topic, notification("next"));
    expect(await takeSubject()).to.equal("about next");
    await subscriptions.close();
    expect((await listMailboxFiles()).length).to.be.lessThan(2);
  });

  it("drops a message after a day and logs it", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.close();
    const [folder = ""] = await readdir(directory);
    const old = Date.now() - 25 * 3_600_000;
    await writeFile(join(directory, folder, `${old}-000001.json`), "{}");
    subscriptions = await open();
    expect(await errors.take()).to.include("Message dropped");
    await subscriptions.publish(topic, notification("next"));
    expect(await takeSubject()).to.equal("about next");
  });

  it("removes a subscriber with its pending messages, and files left by a crash", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.setStatus({ status: 500 });
    await subscriptions.publish(topic, notification("1"));
    await subscriber.take();
    expect(await subscriptions.remove({ topic, url: subscriber.url })).to.equal(true);
    expect(await subscriptions.remove({ topic, url: subscriber.url })).to.equal(false);
    expect(await readdir(directory)).to.deep.equal([]);
    await subscriptions.publish(topic, notification("2"));
    await subscriptions.close();
    await mkdir(join(directory, "half made"));
    subscriptions = await open();
    expect({ list: subscriptions.list(), readdir: await readdir(directory) }).to.deep.equal({
      list: [],
      readdir: [],
    });
  });

  it("follows no redirect", async () => {
    const elsewhere = await startHttpSubscriber();
    let wasRedirected = false;
    void elsewhere.take().then(() => {
      wasRedirected = true;
    });
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.setStatus({ status: 307, location: elsewhere.url });
    await subscriptions.publish(topic, notification("1"));
    await subscriber.take();
    await subscriber.take();
    expect(wasRedirected).to.equal(false);
    await elsewhere.close();
  });

  for (const [url, normalizedUrl] of [
    ["http://127.0.0.1:8080/sns?a=b", "http://127.0.0.1:8080/sns?a=b"],
    ["http://localhost:3000", "http://localhost:3000/"],
    ["http://[::1]:3000/x", "http://[::1]:3000/x"],
    ["https://127.0.0.1/", undefined],
    ["http://127.0.0.2/", undefined],
    ["http://127.0.0.1.example.com/", undefined],
    ["http://localhost.example.com/", undefined],
    ["http://example.com#@127.0.0.1/", undefined],
    ["http://127.0.0.1@example.com/", undefined],
    ["http://user:secret@127.0.0.1/", undefined],
    ["http://0.0.0.0/", undefined],
    ["http://169.254.169.254/", undefined],
    ["file:///etc/passwd", undefined],
    ["127.0.0.1:80", undefined],
    ["", undefined],
  ] as const)
    it(`${normalizedUrl === undefined ? "rejects" : "accepts"} the URL ${url}`, () => {
      expect(parseLoopbackUrl(url)).to.equal(normalizedUrl);
    });
});
