import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type HttpSubscriptions,
  openHttpSubscriptions,
  parseLoopbackUrl,
} from "../../../adapters/local/http-subscriptions.ts";
import { createArrivals } from "../../contract/arrivals.ts";
import { type HttpSubscriber, startHttpSubscriber } from "./http-subscriber.ts";

const topic = "arn:aws:sns:us-east-1:000000000000:done";
const note = (id: string) => ({ id, subject: `about ${id}`, message: JSON.stringify({ jobId: id }) });

describe("the HTTP subscribers of one machine", () => {
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
  const taken = async (): Promise<string> => JSON.parse((await subscriber.take()).body).Subject;
  const letters = async () =>
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

  it("posts a message as SNS does, but for the signature", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, note("job"));
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

  it("gives a message the same MessageId however often it is published or tried", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.answerWith({ status: 500 });
    await subscriptions.publish(topic, note("job"));
    const [first, second] = [await subscriber.take(), await subscriber.take()];
    subscriber.answerWith({ status: 200 });
    await subscriptions.publish(topic, note("job"));
    await subscriptions.publish(topic, note("other"));
    const ids = new Map([["about job", new Set([JSON.parse(first.body).MessageId])]]);
    while (!ids.has("about other")) {
      const { Subject, MessageId } = JSON.parse((await subscriber.take()).body);
      ids.set(Subject, (ids.get(Subject) ?? new Set()).add(MessageId));
    }
    expect(second).to.deep.equal(first);
    expect([...ids].map(([subject, found]) => [subject, found.size])).to.deep.equal([
      ["about job", 1],
      ["about other", 1],
    ]);
    expect([...(ids.get("about other") ?? [])]).not.to.have.members([...(ids.get("about job") ?? [])]);
  });

  it("brings a message to its topic's subscribers alone, in order", async () => {
    const other = await startHttpSubscriber();
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.add({ topic: `${topic}-2`, url: other.url });
    await subscriptions.publish(topic, note("1"));
    await subscriptions.publish(`${topic}-3`, note("2"));
    await subscriptions.publish(`${topic}-2`, note("3"));
    await subscriptions.publish(topic, note("4"));
    expect([await taken(), await taken()]).to.deep.equal(["about 1", "about 4"]);
    expect(JSON.parse((await other.take()).body).Subject).to.equal("about 3");
    await other.close();
  });

  it("lets a dead subscriber hold up neither the sender nor the others", async () => {
    const dead = await startHttpSubscriber();
    await dead.close();
    await subscriptions.add({ topic, url: dead.url });
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, note("1"));
    await subscriptions.publish(topic, note("2"));
    expect([await taken(), await taken()]).to.deep.equal(["about 1", "about 2"]);
    expect(await warnings.take()).to.include("Message delivery failed; retrying");
    const revived = await startHttpSubscriber(dead.port);
    const subjects = [await revived.take(), await revived.take()].map(({ body }) => JSON.parse(body).Subject);
    expect(subjects).to.have.members(["about 1", "about 2"]);
    await revived.close();
  });

  it("puts a message that is not taken behind the others", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.answerWith({ status: 404 });
    await subscriptions.publish(topic, note("1"));
    await subscriptions.publish(topic, note("2"));
    while ((await taken()) !== "about 2");
    while ((await taken()) !== "about 1");
    expect(await letters()).to.have.length(2);
  });

  it("goes on after a restart with what was not delivered, and forgets what was", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.publish(topic, note("delivered"));
    await subscriber.take();
    subscriber.answerWith({ status: 503 });
    await subscriptions.publish(topic, note("undelivered"));
    while ((await taken()) !== "about undelivered");
    await subscriptions.close();
    expect(await letters()).to.have.length(1);

    subscriber.answerWith({ status: 200 });
    subscriptions = await open();
    expect(subscriptions.list()).to.deep.equal([{ topic, url: subscriber.url }]);
    while ((await taken()) !== "about undelivered");
    await subscriptions.publish(topic, note("next"));
    expect(await taken()).to.equal("about next");
    await subscriptions.close();
    expect((await letters()).length).to.be.lessThan(2);
  });

  it("gives a message up after a day, and says so", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    await subscriptions.close();
    const [folder = ""] = await readdir(directory);
    const old = Date.now() - 25 * 3_600_000;
    await writeFile(join(directory, folder, `${old}-000001.json`), "{}");
    subscriptions = await open();
    expect(await errors.take()).to.include("Message dropped");
    await subscriptions.publish(topic, note("next"));
    expect(await taken()).to.equal("about next");
  });

  it("removes a subscriber with what it has not taken, and what a crash left half made", async () => {
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.answerWith({ status: 500 });
    await subscriptions.publish(topic, note("1"));
    await subscriber.take();
    expect(await subscriptions.remove({ topic, url: subscriber.url })).to.equal(true);
    expect(await subscriptions.remove({ topic, url: subscriber.url })).to.equal(false);
    expect(await readdir(directory)).to.deep.equal([]);
    await subscriptions.publish(topic, note("2"));
    await subscriptions.close();
    await mkdir(join(directory, "half made"));
    subscriptions = await open();
    expect({ list: subscriptions.list(), readdir: await readdir(directory) }).to.deep.equal({
      list: [],
      readdir: [],
    });
  });

  it("follows no redirection", async () => {
    const elsewhere = await startHttpSubscriber();
    let strayed = false;
    void elsewhere.take().then(() => {
      strayed = true;
    });
    await subscriptions.add({ topic, url: subscriber.url });
    subscriber.answerWith({ status: 307, location: elsewhere.url });
    await subscriptions.publish(topic, note("1"));
    await subscriber.take();
    await subscriber.take();
    expect(strayed).to.equal(false);
    await elsewhere.close();
  });

  for (const [given, kept] of [
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
    it(`${kept === undefined ? "refuses" : "takes"} the URL ${given}`, () => {
      expect(parseLoopbackUrl(given)).to.equal(kept);
    });
});
