import { expect } from "chai";
import { createOnOutputHandler } from "../../../lambdas/on-output/notify-thumbnails.ts";
import type { NewThumbnail } from "../../../lambdas/on-output/on-output.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { openWorld, uploaded, type World } from "../../pipeline/jobs/world.ts";

const created = (key: string, bucket = "output") => ({
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { bucket: { name: bucket }, object: { key, size: 5, "version-id": "v9", sequencer: "0A" } },
});
const queued = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:sqs",
    messageId: `m${index}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })),
});

describe("on-output", () => {
  let world: World;
  let told: NewThumbnail[];
  let refusal: Error | undefined;
  beforeEach(async () => {
    world = await openWorld();
    told = [];
    refusal = undefined;
  });
  afterEach(() => world.close());

  const handle = (event: unknown) =>
    createOnOutputHandler({
      ...world.ports,
      onOutput: async (thumbnail) => {
        if (refusal !== undefined) throw refusal;
        told.push(thumbnail);
      },
    })(event);
  /** An output of the job of an upload. */
  const made = async (source: string, key: string): Promise<string> => {
    const claim = await claimUpload(world.ports, uploaded(source), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    put(key, { "reelway-job": claim.job.id, "reelway-route": claim.job.route ?? "" });
    return claim.job.id;
  };
  const put = (key: string, metadata: Record<string, string>) =>
    world.heads.set(`output/${key}`, {
      bucket: "output",
      key,
      etag: "e",
      bytes: 321,
      modifiedAt: "2026-11-21T03:00:00.000Z",
      contentType: "image/png",
      metadata,
    });

  it("tells of a thumbnail with its job and source, and logs it in one line", async () => {
    const id = await made("thumbnails/a b.mp4", "thumb/a b.mp4.png");
    world.logged.length = 0;
    expect(await handle(queued(created("thumb/a b.mp4.png")))).to.deep.equal({ batchItemFailures: [] });
    expect(told).to.deep.equal([
      {
        bucket: "output",
        key: "thumb/a b.mp4.png",
        versionId: "v9",
        bytes: 321,
        contentType: "image/png",
        job: { id, route: "thumbnails", recipe: "thumbnail", source: uploaded("thumbnails/a b.mp4") },
      },
    ]);
    expect(world.logged).to.deep.equal(["Thumbnail created"]);
  });

  it("takes S3's own notifications, whose keys are encoded", async () => {
    await made("thumbnails/a.mp4", "thumb/a+b ü.png");
    const s3 = { bucket: { name: "output" }, object: { key: "thumb/a%2Bb+%C3%BC.png", size: 5 } };
    await handle({ Records: [{ eventName: "ObjectCreated:Put", s3 }] });
    expect(told.map(({ key }) => key)).to.deep.equal(["thumb/a+b ü.png"]);
  });

  it("passes over other outputs, others' objects, other buckets, and what is gone", async () => {
    await made("a.mkv", "output/a.mkv/poster.jpg");
    put("thumb/mine.png", {});
    put("thumb/client.png", { "reelway-job": "1111111111111-abcdef" });
    put("thumb/forgotten.png", { "reelway-job": "a".repeat(52) });
    world.logged.length = 0;
    const answer = await handle(
      queued(
        created("output/a.mkv/poster.jpg"),
        created("thumb/mine.png"),
        created("thumb/client.png"),
        created("thumb/forgotten.png"),
        created("thumb/gone.png"),
        created("thumb/folder/"),
        created("thumb/mine.png", "input"),
        { Event: "s3:TestEvent" },
      ),
    );
    expect({ answer, told }).to.deep.equal({ answer: { batchItemFailures: [] }, told: [] });
    expect(world.logged).to.deep.equal(["The job of an output does not exist"]);
  });

  it("gives back only the messages that failed", async () => {
    await made("thumbnails/a.mp4", "thumb/a.png");
    refusal = new Error("the catalogue is down");
    expect(await handle(queued("{", created("thumb/a.png"), created("thumb/gone.png")))).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
    });
    refusal = undefined;
    world.fail("objects.head", new Error("slow down"));
    expect((await handle(queued(created("thumb/a.png")))).batchItemFailures).to.have.length(1);
    await handle(queued(created("thumb/a.png")));
    expect(told).to.have.length(1);
  });
});
