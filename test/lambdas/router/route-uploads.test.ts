import { expect } from "chai";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { openWorld, type World } from "../../pipeline/jobs/world.ts";

const bridge = (key: string, bucket = "input") => ({
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { bucket: { name: bucket }, object: { key, size: 5, "version-id": "v1", sequencer: "0A" } },
});
const notification = (...keys: readonly string[]) => ({
  Records: keys.map((key) => ({
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name: "input" }, object: { key, size: 5, versionId: "v1", sequencer: "0A" } },
  })),
});
const queued = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:sqs",
    messageId: `m${index}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })),
});

describe("the router", () => {
  let world: World;
  const route = (event: unknown) => createRouter(world.ports)(event);
  const jobsOf = async (key: string) => (await world.ports.jobs.findBySource("input", key)).length;

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("makes the same one job of either kind of event, in a message or not", async () => {
    const key = "a+b %41 ü.mkv";
    const encoded = "a%2Bb+%2541+%C3%BC.mkv";
    await route(bridge(key));
    await route(notification(encoded));
    await route(queued(bridge(key), notification(encoded)));
    expect({ jobsOf: await jobsOf(key), size: world.started.size }).to.eql({ jobsOf: 1, size: 1 });
  });

  it("takes every record of every message", async () => {
    await route(queued(notification("a.mkv", "b.mkv"), notification("c.mkv")));
    expect(world.started.size).to.equal(3);
  });

  it("passes over test events, folder markers and ignored objects", async () => {
    const answer = await route(queued({ Event: "s3:TestEvent" }, bridge("f/"), bridge("a.srt")));
    expect({ answer, logged: world.logged }).to.eql({ answer: { batchItemFailures: [] }, logged: [] });
  });

  it("gives back only the messages that failed", async () => {
    world.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true }));
    const answer = await route(queued(bridge("a.mkv"), "{", notification("ok.srt", "%E0%A4%A")));
    expect(answer).to.eql({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }, { itemIdentifier: "m2" }],
    });
    expect(world.logged.filter((line) => line.includes("returned to the queue"))).to.have.length(3);
    expect(await route(queued(bridge("a.mkv")))).to.eql({ batchItemFailures: [] });
  });

  it("claims the readable records beside an unreadable one", async () => {
    await route(queued(notification("a.mkv", "%E0%A4%A")));
    expect(await jobsOf("a.mkv")).to.equal(1);
  });

  it("keeps a failure that cannot pass out of the queue", async () => {
    world.fail("tasks.run", new TaskNotStarted("no such cluster", { retryable: false }));
    expect(await route(queued(bridge("a.mkv")))).to.eql({ batchItemFailures: [] });
  });

  it("rejects where an event comes without a queue", async () => {
    world.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true }));
    const failure = await route(bridge("a.mkv")).catch((error: unknown) => String(error));
    expect(failure).to.include("Processing 1 object(s) of the message failed").and.include("throttled");
  });

  for (const bucket of ["output", "somebody-elses"])
    it(`ignores the upload of bucket ${bucket}, and says so once for each event`, async () => {
      await route(queued(bridge("a.mkv", bucket), bridge("b.mkv")));
      expect(await world.ports.jobs.findBySource(bucket, "a.mkv")).to.eql([]);
      expect([...world.started.keys()]).to.have.length(1);
      expect(
        world.logged.filter((line) => line.startsWith("Ignored an event from another bucket")),
      ).to.have.length(1);
    });
});
