import { expect } from "chai";
import fc from "fast-check";
import {
  type ClaimEnvelope,
  decodeKey,
  isFolderMarker,
  openClaimEnvelope,
  parseUploadEvents,
  UnreadableEvent,
} from "../../../pipeline/events/upload.ts";

const buildEventBridgeEvent = (key: string, change: Record<string, unknown> = {}) => ({
  version: "0",
  "detail-type": "Object Created",
  source: "aws.s3",
  time: "2026-11-21T03:00:00Z",
  detail: {
    bucket: { name: "in" },
    object: { key, size: 5, etag: "e1", "version-id": "v1", sequencer: "00AB" },
  },
  ...change,
});
const record = (key: string, eventName = "ObjectCreated:Put") => ({
  eventVersion: "2.1",
  eventName,
  eventTime: "2026-11-21T03:00:00.000Z",
  s3: { bucket: { name: "in" }, object: { key, size: 5, eTag: "e1", versionId: "v1", sequencer: "00AB" } },
});
const upload = (key: string, modifiedAt: string) => ({
  bucket: "in",
  key,
  bytes: 5,
  versionId: "v1",
  etag: "e1",
  sequencer: "00AB",
  modifiedAt,
});
/** As S3 encodes keys in notifications. */
const encode = (key: string): string => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");

const unreadable = (body: unknown): UnreadableEvent => {
  try {
    parseUploadEvents(body);
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    throw error;
  }
  throw new Error("was read");
};

describe("parseUploadEvents", () => {
  it("keeps EventBridge keys unchanged", () => {
    expect(parseUploadEvents(buildEventBridgeEvent("a+b%41 ü.mp4"))).to.eql([
      upload("a+b%41 ü.mp4", "2026-11-21T03:00:00Z"),
    ]);
  });

  it("decodes notification keys once", () => {
    expect(parseUploadEvents({ Records: [record("a+b%2541%2B%C3%BC.mp4")] })).to.eql([
      upload("a b%41+ü.mp4", "2026-11-21T03:00:00.000Z"),
    ]);
  });

  it("reads any key from either form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), (key) => {
        expect(parseUploadEvents(JSON.stringify(buildEventBridgeEvent(key)))[0]?.key).to.equal(key);
        expect(parseUploadEvents(JSON.stringify({ Records: [record(encode(key))] }))[0]?.key).to.equal(key);
        expect(decodeKey(encode(key))).to.equal(key);
      }),
    );
  });

  it("reads every record", () => {
    expect(
      parseUploadEvents({ Records: [record("a"), record("b"), record("c")] }).map(({ key }) => key),
    ).to.eql(["a", "b", "c"]);
  });

  it("omits unknown fields and the quotes of an ETag", () => {
    const detail = { bucket: { name: "in" }, object: { key: "a", etag: '"e"', "version-id": "" } };
    expect(parseUploadEvents({ "detail-type": "Object Created", source: "aws.s3", detail })).to.eql([
      { bucket: "in", key: "a", bytes: 0, etag: "e" },
    ]);
  });

  it("ignores test events, deletions and other events", () => {
    expect(parseUploadEvents({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "in" })).to.eql([]);
    expect(parseUploadEvents({ Records: [record("a", "ObjectRemoved:Delete")] })).to.eql([]);
    expect(parseUploadEvents({ Records: [{ eventName: "ObjectRestore:Post" }] })).to.eql([]);
    expect(parseUploadEvents(buildEventBridgeEvent("a", { "detail-type": "Object Deleted" }))).to.eql([]);
    expect(parseUploadEvents({ Records: [] })).to.eql([]);
  });

  it("accepts event names with S3's prefix", () => {
    expect(
      parseUploadEvents({ Records: [record("a", "s3:ObjectCreated:CompleteMultipartUpload")] }),
    ).to.have.length(1);
  });

  it("returns readable records next to an unreadable one", () => {
    const error = unreadable({ Records: [record("a"), record("%E0%A4%A"), { eventName: 5 }, record("b")] });
    expect(error.uploads.map(({ key }) => key)).to.eql(["a", "b"]);
    expect(error.message)
      .to.include("record 2: the key is not form-encoded UTF-8")
      .and.include("record 3: eventName");
  });

  it("names the problem of an unknown message format", () => {
    expect(unreadable("{").message).to.equal("The message about an upload is not valid JSON.");
    expect(unreadable({ hello: 1 }).message).to.include('neither an "Object Created" event');
    expect(unreadable(null).message).to.include("neither");
    expect(unreadable(buildEventBridgeEvent("")).message).to.include("detail.object.key");
  });

  it("detects a folder marker", () => {
    expect([isFolderMarker("a/"), isFolderMarker("a")]).to.eql([true, false]);
  });
});

describe("openClaimEnvelope", () => {
  it("starts every route for an event in an operator's envelope", () => {
    const event = buildEventBridgeEvent("a.mp4");
    const envelope: ClaimEnvelope = { reelway: "claim", event };
    expect(openClaimEnvelope(JSON.stringify(envelope))).to.eql({ event, triggers: "all" });
  });

  it("returns any other message as it is", () => {
    for (const message of [buildEventBridgeEvent("a.mp4"), { reelway: "other" }, "not JSON", undefined])
      expect(openClaimEnvelope(message)).to.eql({ event: message, triggers: "lambda" });
  });
});
