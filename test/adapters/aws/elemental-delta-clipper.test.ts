import { expect } from "chai";
import { createElementalDeltaClipper } from "../../../adapters/aws/elemental-delta-clipper.ts";
import { isPublicAddress } from "../../../adapters/aws/public-address.ts";
import type { ClipRequest } from "../../../pipeline/highlights/clipper.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import {
  type DeltaServer,
  deltaContentId,
  deltaKey,
  deltaUser,
  startDeltaServer,
} from "../../contract/delta-server.ts";
import { buildSegment } from "../../pipeline/highlights/archive-fixture.ts";

const now = new Date("2026-11-21T03:00:00.000Z");
const request: ClipRequest = {
  channel: "news",
  clipId: "00000000-0000000000000001-10-Person",
  label: "Person",
  segments: [buildSegment(1)],
  startTime: 1004.4,
  endTime: 1007.2,
  cut: "frame",
};
const label = "reelway-prod-news-00000000-0000000000000001-10-Person-1004400-1007200";

describe("the clipper of AWS Elemental Delta", () => {
  let server: DeltaServer;
  beforeEach(async () => {
    server = await startDeltaServer(now);
  });
  afterEach(() => server.close());

  const open = (fields: Partial<Parameters<typeof createElementalDeltaClipper>[0]> = {}) =>
    createElementalDeltaClipper({
      settings: { endpoint: server.endpoint, user: deltaUser, contentId: deltaContentId },
      labelPrefix: "reelway-prod",
      readKey: async () => deltaKey,
      isAllowedAddress: () => true,
      clock: { now: () => now },
      ...fields,
    });
  const catchFailure = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause);

  it("adds a live-to-VOD filter with HLS and MP4, signed for its path", async () => {
    const result = await open().createClip(request);

    expect(result).to.deep.equal({ kind: "accepted" });
    expect(server.puts).to.have.length(1);
    for (const part of [
      "<filter_type>live_to_vod</filter_type>",
      `<label>${label}</label>`,
      "<start_time>1970-01-01T00:16:44.400Z</start_time>",
      "<end_time>1970-01-01T00:16:47.200Z</end_time>",
      "<filter_type>hls_package</filter_type>",
      "<filter_type>mp4_package</filter_type>",
    ])
      expect(server.puts[0]).to.include(part);
  });

  it("adds a filter for each stage, also if they have the same channel", async () => {
    await open().createClip(request);
    await open({ labelPrefix: "reelway-test" }).createClip(request);

    expect(server.puts).to.have.length(2);
  });

  it("finds the filter of a clip in a list of any length, wherever it is divided", async () => {
    await open().createClip(request);
    // More than is kept in memory; other lengths divide the label at other places.
    for (const length of [24 * 2 ** 20, 65_536 - 30, 65_536 * 3 - 7]) {
      server.state.listPrefix = "x".repeat(length);
      expect(await open().createClip(request)).to.deep.equal({ kind: "accepted" });
    }

    expect(server.puts).to.have.length(1);
  });

  it("rejects with a failure that passes, if Delta fails or does not respond", async () => {
    const failures: unknown[] = [];
    for (const status of [408, 409, 425, 429, 500, 503]) {
      server.state.putStatus = status;
      failures.push(await catchFailure(open().createClip(request)));
    }
    server.state.onSilent = () => undefined;
    failures.push(await catchFailure(open({ timeoutMs: 100 }).createClip(request)));

    for (const failure of failures) {
      expect(failure).to.be.instanceOf(StoreFailure).with.property("kind", "transient");
      expect(String(failure)).to.not.include(deltaKey);
    }
  });

  it("rejects with what to correct, if the configuration is wrong", async () => {
    const check = (failure: unknown, kind: string, text: string): void => {
      expect(failure).to.be.instanceOf(StoreFailure).with.include({ kind, retryable: false });
      expect(String(failure)).to.include(text).and.to.not.include(deltaKey);
    };
    const wrongKey = open({ readKey: async () => "other" });
    check(await catchFailure(wrongKey.createClip(request)), "denied", "Check the user, and the key");
    const unreadable = new StoreFailure("denied", "Reading secret reelway/delta failed.");
    const noKey = open({ readKey: () => Promise.reject(unreadable) });
    expect(await catchFailure(noKey.createClip(request))).to.equal(unreadable);
    server.state.putStatus = 403;
    check(await catchFailure(open().createClip(request)), "denied", "permissions of the user");
    server.state.putStatus = 302;
    check(await catchFailure(open().createClip(request)), "invalid", "Check the endpoint");
    server.state.putStatus = undefined;
    const settings = { endpoint: server.endpoint, user: deltaUser, contentId: "43" };
    check(
      await catchFailure(open({ settings }).createClip(request)),
      "invalid",
      "Check endpoint and contentId",
    );
    server.state.listStatus = 400;
    check(await catchFailure(open().createClip(request)), "invalid", "Check the endpoint");
    const internal = open({ isAllowedAddress: isPublicAddress });
    check(await catchFailure(internal.createClip(request)), "denied", "not a public address");
    expect(server.puts).to.deep.equal([]);
  });

  it("refuses a clip that Delta does not accept", async () => {
    for (const status of [400, 413, 422]) {
      server.state.putStatus = status;
      expect(await open().createClip(request)).to.deep.equal({
        kind: "refused",
        reason: `AWS Elemental Delta answered the request for clip ${request.clipId} with status ${status}.`,
      });
    }
  });
});
