import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createElementalDeltaClipper } from "../../../adapters/aws/elemental-delta-clipper.ts";
import { isPublicAddress } from "../../../adapters/aws/public-address.ts";
import type { ClipRequest } from "../../../pipeline/highlights/clipper.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { buildSegment } from "../../pipeline/highlights/archive-fixture.ts";

const user = "reelway";
const key = "delta-key";
const now = new Date("2026-11-21T03:00:00.000Z");
const md5 = (value: string) => createHash("md5").update(value).digest("hex");

const request: ClipRequest = {
  channel: "news",
  clipId: "00000000-0000000000000001-10-Person",
  label: "Person",
  segments: [buildSegment(1)],
  startTime: 1004.4,
  endTime: 1007.2,
  cut: "frame",
};

describe("the clipper of AWS Elemental Delta", () => {
  let server: Server;
  let port: number;
  let puts: { readonly url: string | undefined; readonly body: string }[];
  let status: number | undefined;
  let isSilent: boolean;

  /** Whether a request has the headers of its path, user, key and time, as the API asks for. */
  const isSigned = ({ url = "", headers }: IncomingMessage): boolean => {
    const expires = String(headers["x-auth-expires"]);
    const path = url.replace(/^\/api/, "");
    return (
      headers["x-auth-user"] === user &&
      Number(expires) > now.getTime() / 1000 &&
      Number(expires) <= now.getTime() / 1000 + 300 &&
      headers["x-auth-key"] === md5(key + md5(path + user + key + expires))
    );
  };
  beforeEach(async () => {
    puts = [];
    status = undefined;
    isSilent = false;
    server = createServer(async (incoming, response) => {
      if (isSilent) return;
      const body = await text(incoming);
      if (!isSigned(incoming)) return response.writeHead(401).end();
      if (incoming.method === "GET" && incoming.url === "/api/contents")
        return response
          .writeHead(200, { "Content-Type": "application/xml" })
          .end(`<contents>${puts.map((put) => put.body).join("")}</contents>`);
      if (status !== undefined) return response.writeHead(status).end();
      puts.push({ url: incoming.url, body });
      return response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = (fields: Partial<Parameters<typeof createElementalDeltaClipper>[0]> = {}) =>
    createElementalDeltaClipper({
      settings: { endpoint: `http://127.0.0.1:${port}`, user, contentId: "42" },
      readKey: async () => key,
      isAllowedAddress: () => true,
      clock: { now: () => now },
      ...fields,
    });
  const catchFailure = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause);

  it("adds a live-to-VOD filter with HLS and MP4, signed for its path", async () => {
    const result = await open().createClip(request);

    expect(result).to.deep.equal({ kind: "accepted" });
    expect(puts.map(({ url }) => url)).to.deep.equal(["/api/contents/42"]);
    for (const part of [
      "<filter_type>live_to_vod</filter_type>",
      "<start_time>1970-01-01T00:16:44.400Z</start_time>",
      "<end_time>1970-01-01T00:16:47.200Z</end_time>",
      "<filter_type>hls_package</filter_type>",
      "<filter_type>mp4_package</filter_type>",
    ])
      expect(puts[0]?.body).to.include(part);
  });

  it("adds one filter for a clip, however often it is requested, and one for another clip", async () => {
    const clipper = open();
    await clipper.createClip(request);
    expect(await clipper.createClip(request)).to.deep.equal({ kind: "accepted" });
    expect(puts).to.have.length(1);
    await clipper.createClip({ ...request, endTime: 1007.24 });

    expect(puts).to.have.length(2);
  });

  it("rejects with a failure to be repeated, if the key is wrong, Delta fails or does not respond", async () => {
    const wrongKey = await catchFailure(open({ readKey: async () => "other" }).createClip(request));
    status = 503;
    const failed = await catchFailure(open().createClip(request));
    isSilent = true;
    const silent = await catchFailure(open({ timeoutMs: 100 }).createClip(request));

    for (const failure of [wrongKey, failed, silent]) {
      expect(failure).to.be.instanceOf(StoreFailure).with.property("retryable", true);
      expect(String(failure)).to.not.include(key);
    }
    expect(String(wrongKey)).to.include("Check the user and the key");
  });

  it("refuses a clip that Delta does not accept, and an address that is not public", async () => {
    status = 422;
    expect(await open().createClip(request)).to.deep.equal({
      kind: "refused",
      reason: `AWS Elemental Delta answered the request for clip ${request.clipId} with status 422.`,
    });
    const failure = await catchFailure(open({ isAllowedAddress: isPublicAddress }).createClip(request));
    expect(failure).to.be.instanceOf(StoreFailure).with.property("kind", "denied");
  });
});
