import { expect } from "chai";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const buildEventBridgeEvent = (key: string, bucket = "input") => ({
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { bucket: { name: bucket }, object: { key, size: 5, "version-id": "v1", sequencer: "0A" } },
});
const buildS3Notification = (...keys: readonly string[]) => ({
  Records: keys.map((key) => ({
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name: "input" }, object: { key, size: 5, versionId: "v1", sequencer: "0A" } },
  })),
});
const buildQueueEvent = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:sqs",
    messageId: `m${index}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })),
});

describe("the router", () => {
  let fixture: JobFixture;
  const route = (event: unknown) => createRouter(fixture.ports)(event);
  const countJobs = async (key: string) => (await fixture.ports.jobs.findBySource("input", key)).length;

  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  it("creates the same job for either kind of event, with or without a queue", async () => {
    const key = "a+b %41 ü.mkv";
    const encoded = "a%2Bb+%2541+%C3%BC.mkv";
    await route(buildEventBridgeEvent(key));
    await route(buildS3Notification(encoded));
    await route(buildQueueEvent(buildEventBridgeEvent(key), buildS3Notification(encoded)));
    expect({ jobsOf: await countJobs(key), size: fixture.started.size }).to.eql({ jobsOf: 1, size: 1 });
  });

  it("handles every record of every message", async () => {
    await route(buildQueueEvent(buildS3Notification("a.mkv", "b.mkv"), buildS3Notification("c.mkv")));
    expect(fixture.started.size).to.equal(3);
  });

  it("ignores test events, folder markers and ignored assets", async () => {
    const answer = await route(
      buildQueueEvent({ Event: "s3:TestEvent" }, buildEventBridgeEvent("f/"), buildEventBridgeEvent("a.srt")),
    );
    expect({ answer, logged: fixture.logged }).to.eql({ answer: { batchItemFailures: [] }, logged: [] });
  });

  it("returns only failed messages", async () => {
    fixture.fail("jobs.claim", new Error("throttled"));
    const answer = await route(
      buildQueueEvent(buildEventBridgeEvent("a.mkv"), "{", buildS3Notification("ok.srt", "%E0%A4%A")),
    );
    expect(answer).to.eql({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }, { itemIdentifier: "m2" }],
    });
    expect(fixture.logged.filter((line) => line.includes("returned to the queue"))).to.have.length(3);
    expect(await route(buildQueueEvent(buildEventBridgeEvent("a.mkv")))).to.eql({ batchItemFailures: [] });
  });

  it("claims readable records next to an unreadable one", async () => {
    await route(buildQueueEvent(buildS3Notification("a.mkv", "%E0%A4%A")));
    expect(await countJobs("a.mkv")).to.equal(1);
  });

  it("leaves a job whose start is refused to the reconciler, not to the queue", async () => {
    fixture.fail("tasks.run", new TaskNotStarted("no such cluster", "unknown"));
    expect(await route(buildQueueEvent(buildEventBridgeEvent("a.mkv")))).to.eql({ batchItemFailures: [] });
  });

  it("rejects an event that does not come from a queue", async () => {
    fixture.fail("jobs.claim", new Error("throttled"));
    const failure = await route(buildEventBridgeEvent("a.mkv")).catch((error: unknown) => String(error));
    expect(failure).to.include("Processing 1 object(s) of the message failed").and.include("throttled");
  });

  for (const bucket of ["output", "somebody-elses"])
    it(`ignores uploads to bucket ${bucket} and logs each event once`, async () => {
      await route(buildQueueEvent(buildEventBridgeEvent("a.mkv", bucket), buildEventBridgeEvent("b.mkv")));
      expect(await fixture.ports.jobs.findBySource(bucket, "a.mkv")).to.eql([]);
      expect([...fixture.started.keys()]).to.have.length(1);
      expect(
        fixture.logged.filter((line) => line.startsWith("Ignored an event from another bucket")),
      ).to.have.length(1);
    });
});
