import { expect } from "chai";
import { createOnOutputHandler } from "../../../lambdas/on-output/notify-thumbnails.ts";
import type { NewThumbnail } from "../../../lambdas/on-output/on-output.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const buildCreatedEvent = (key: string, bucket = "output") => ({
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { bucket: { name: bucket }, object: { key, size: 5, "version-id": "v9", sequencer: "0A" } },
});
const buildQueueEvent = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:sqs",
    messageId: `m${index}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })),
});

describe("on-output", () => {
  let fixture: JobFixture;
  let thumbnails: NewThumbnail[];
  let refusal: Error | undefined;
  beforeEach(async () => {
    fixture = await openJobFixture();
    thumbnails = [];
    refusal = undefined;
  });
  afterEach(() => fixture.close());

  const handle = (event: unknown) =>
    createOnOutputHandler({
      ...fixture.ports,
      onOutput: async (thumbnail) => {
        if (refusal !== undefined) throw refusal;
        thumbnails.push(thumbnail);
      },
    })(event);
  /** Claims an upload's job and writes one output of it. */
  const claimOutput = async (source: string, key: string): Promise<string> => {
    const claim = await claimUpload(fixture.ports, buildUploadEvent(source), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    put(key, { "reelway-job": claim.job.id, "reelway-route": claim.job.route ?? "" });
    return claim.job.id;
  };
  const put = (key: string, metadata: Record<string, string>) =>
    fixture.heads.set(`output/${key}`, {
      bucket: "output",
      key,
      etag: "e",
      bytes: 321,
      modifiedAt: "2026-11-21T03:00:00.000Z",
      contentType: "image/png",
      metadata,
    });

  it("reports a thumbnail with its job and source, and logs one line", async () => {
    const id = await claimOutput("thumbnails/a b.mp4", "thumb/a b.mp4.png");
    fixture.logged.length = 0;
    expect(await handle(buildQueueEvent(buildCreatedEvent("thumb/a b.mp4.png")))).to.deep.equal({
      batchItemFailures: [],
    });
    expect(thumbnails).to.deep.equal([
      {
        bucket: "output",
        key: "thumb/a b.mp4.png",
        versionId: "v9",
        bytes: 321,
        contentType: "image/png",
        job: { id, route: "thumbnails", recipe: "thumbnail", source: buildUploadEvent("thumbnails/a b.mp4") },
      },
    ]);
    expect(fixture.logged).to.deep.equal(["Thumbnail created"]);
  });

  it("accepts S3's own notifications with encoded keys", async () => {
    await claimOutput("thumbnails/a.mp4", "thumb/a+b ü.png");
    const s3 = { bucket: { name: "output" }, object: { key: "thumb/a%2Bb+%C3%BC.png", size: 5 } };
    await handle({ Records: [{ eventName: "ObjectCreated:Put", s3 }] });
    expect(thumbnails.map(({ key }) => key)).to.deep.equal(["thumb/a+b ü.png"]);
  });

  it("ignores other outputs, foreign objects, other buckets and missing objects", async () => {
    await claimOutput("a.mkv", "output/a.mkv/poster.jpg");
    put("thumb/mine.png", {});
    put("thumb/client.png", { "reelway-job": "1111111111111-abcdef" });
    put("thumb/forgotten.png", { "reelway-job": "a".repeat(52) });
    fixture.logged.length = 0;
    const answer = await handle(
      buildQueueEvent(
        buildCreatedEvent("output/a.mkv/poster.jpg"),
        buildCreatedEvent("thumb/mine.png"),
        buildCreatedEvent("thumb/client.png"),
        buildCreatedEvent("thumb/forgotten.png"),
        buildCreatedEvent("thumb/gone.png"),
        buildCreatedEvent("thumb/folder/"),
        buildCreatedEvent("thumb/mine.png", "input"),
        { Event: "s3:TestEvent" },
      ),
    );
    expect({ answer, thumbnails }).to.deep.equal({ answer: { batchItemFailures: [] }, thumbnails: [] });
    expect(fixture.logged).to.deep.equal(["The job of an output does not exist"]);
  });

  it("returns only failed messages", async () => {
    await claimOutput("thumbnails/a.mp4", "thumb/a.png");
    refusal = new Error("the catalogue is down");
    expect(
      await handle(
        buildQueueEvent("{", buildCreatedEvent("thumb/a.png"), buildCreatedEvent("thumb/gone.png")),
      ),
    ).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
    });
    refusal = undefined;
    fixture.fail("objects.head", new Error("slow down"));
    expect(
      (await handle(buildQueueEvent(buildCreatedEvent("thumb/a.png")))).batchItemFailures,
    ).to.have.length(1);
    await handle(buildQueueEvent(buildCreatedEvent("thumb/a.png")));
    expect(thumbnails).to.have.length(1);
  });
});
