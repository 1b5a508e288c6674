import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { type ChannelFetcherOptions, createChannelFetcher } from "../../../adapters/aws/channel-fetcher.ts";
import {
  type ChannelFetcher,
  FetchFailure,
  type FetchFailureKind,
  type FetchRequest,
} from "../../../pipeline/highlights/channel-fetcher.ts";
import { catchError } from "../../catch-error.ts";
import { localhostCertificate } from "./localhost-certificate.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { createResolver } from "./resolver.ts";

const limits = { maxBytes: 1_000_000, timeoutMs: 10_000 };

describe("the client of a channel", () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const start = async (respond: RequestListener, isTls = false): Promise<Origin> => {
    const origin = await startOrigin(respond, { isTls });
    closers.push(origin.close);
    return origin;
  };
  /** A server that sends bytes as they are. */
  const startRaw = async (serve: (socket: Socket) => void): Promise<string> => {
    const sockets = new Set<Socket>();
    const server = createSocketServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("data", () => serve(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `http://live.localhost:${(server.address() as AddressInfo).port}/media`;
  };
  const create = (options: Partial<ChannelFetcherOptions> = {}): ChannelFetcher => {
    const fetcher = createChannelFetcher({
      manifestUrl: "http://live.localhost/playlist.m3u8",
      allowLoopback: true,
      lookup: createResolver(["127.0.0.1"]).lookup,
      ca: localhostCertificate,
      ...options,
    });
    closers.push(fetcher.close);
    return fetcher;
  };
  const expectFailure = async (
    promise: Promise<unknown>,
    kind: FetchFailureKind,
    pattern: RegExp,
  ): Promise<FetchFailure> => {
    const failure = await catchError(promise);
    expect(failure, String(failure)).to.be.instanceOf(FetchFailure);
    expect((failure as FetchFailure).kind, String(failure)).to.equal(kind);
    expect(String(failure)).to.match(pattern);
    return failure as FetchFailure;
  };
  const read = async (fetcher: ChannelFetcher, url: string, request: Partial<FetchRequest> = {}) => {
    const { bytes, ...response } = await fetcher.fetchBytes({ url, ...limits, ...request });
    return { ...response, text: Buffer.from(bytes).toString() };
  };

  it("returns content, status, type and URL; a stream too", async () => {
    const origin = await start((_, response) =>
      response.setHeader("content-type", "video/mp2t").end("segment"),
    );
    const fetcher = create();
    const url = origin.toUrl("/1.ts?token=1");
    const response = { finalUrl: url, status: 200, contentType: "video/mp2t" };
    expect(await read(fetcher, `${url}#t=1`)).to.deep.equal({ ...response, text: "segment" });
    const { stream, ...description } = await fetcher.fetchStream({ url, ...limits });
    expect(description).to.deep.equal(response);
    expect(Buffer.concat(await stream.toArray()).toString()).to.equal("segment");
    expect(origin.requests.map(({ headers }) => headers["accept-encoding"])).to.deep.equal([
      "identity",
      "identity",
    ]);
  });

  describe("refuses", () => {
    it("URLs that are not http: or https:, are not valid or contain credentials", async () => {
      const fetcher = create();
      for (const [url, pattern] of [
        ["file:///etc/passwd", /only http: and https:/],
        ["ftp://live.localhost/a", /only http: and https:/],
        ["data:text/plain,a", /only http: and https:/],
        [
          "http://name:secret@live.localhost/a?token=secret",
          /live\.localhost\/a: .* user name or a password/,
        ],
        ["http://secret@live.localhost/a", /user name or a password/],
        ["segment.ts?token=secret", /live\.localhost\/playlist\.m3u8 has a URL that is not valid/],
        ["http://1.2.3.256/secret", /not valid/],
      ] as const) {
        const failure = await expectFailure(read(fetcher, url), "refused-url", pattern);
        expect(failure.retryable).to.equal(false);
        expect(failure.message).not.to.include("secret");
      }
    });

    it("hosts that the channel does not allow, before they are resolved", async () => {
      const { calls, lookup } = createResolver(["127.0.0.1"]);
      const fetcher = create({ lookup, allowedHosts: ["*.cdn.localhost"] });
      for (const host of [
        "other.localhost",
        "cdn.localhost",
        "xlive.localhost",
        "live.localhost.example.com",
      ])
        await expectFailure(
          read(fetcher, `http://${host}/a?token=secret`),
          "refused-host",
          /does not allow the host .* add it to the channel's allowedHosts/,
        );
      expect(calls).to.deep.equal([]);
      const origin = await start((_, response) => response.end("cdn"));
      expect(await read(fetcher, origin.toUrl("/", "A.CDN.localhost."))).to.include({ text: "cdn" });
    });

    const special = {
      "the metadata service": "169.254.169.254",
      "the metadata service by IPv6": "fd00:ec2::254",
      "the credentials of containers": "169.254.170.2",
      "the platform service of Azure": "168.63.129.16",
      "a private address": "10.0.0.1",
      "a link-local address": "fe80::1",
      "the unspecified address": "0.0.0.0",
      "an IPv4-mapped address": "::ffff:127.0.0.1",
      "a NAT64 address": "64:ff9b::a9fe:a9fe",
      "a unique local address": "fd12::1",
    };
    for (const [name, address] of Object.entries(special))
      it(`${name}, in DNS and in the URL, loopback allowed or not`, async () => {
        const host = address.includes(":") ? `[${address}]` : address;
        for (const allowLoopback of [true, false]) {
          const fetcher = create({
            allowLoopback,
            allowedHosts: [host],
            lookup: createResolver(["8.8.8.8", address]).lookup,
          });
          const failure = await expectFailure(
            read(fetcher, "http://live.localhost/a"),
            "refused-address",
            /live\.localhost has the address .*, which is not a public address/,
          );
          expect(failure.retryable).to.equal(false);
          await expectFailure(
            read(fetcher, `http://${host}/latest/meta-data`),
            "refused-address",
            /not a public/,
          );
        }
      });

    it("loopback unless it is allowed, and then for names of loopback only", async () => {
      const origin = await start((_, response) => response.end("loopback"));
      const names = ["localhost", "live.localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433"];
      const allowedHosts = ["localhost", "127.0.0.1", "[::1]", "public.example.com"];
      const fetcher = create({ allowLoopback: false, allowedHosts });
      for (const host of [...names, "[::1]", "public.example.com"])
        await expectFailure(read(fetcher, origin.toUrl("/", host)), "refused-address", /not a public/);
      const local = create({ allowedHosts });
      for (const host of names)
        expect(await read(local, origin.toUrl("/", host))).to.include({ text: "loopback" });
      await expectFailure(
        read(local, origin.toUrl("/", "public.example.com")),
        "refused-address",
        /public\.example\.com has the address 127\.0\.0\.1/,
      );
      expect(origin.requests).to.have.length(names.length);
    });

    it("a host whose address changes to a private one, although its connection was allowed before", async () => {
      const origin = await start((_, response) => response.end("ok"));
      const { calls, lookup } = createResolver(["127.0.0.1"], ["169.254.169.254"]);
      const fetcher = create({ lookup });
      const url = origin.toUrl("/a");
      await read(fetcher, url);
      // The connection that was checked is used again.
      await read(fetcher, url);
      expect({ calls: calls.length, connections: origin.connections }).to.deep.equal({
        calls: 1,
        connections: 1,
      });
      origin.closeConnections();
      await expectFailure(
        read(fetcher, url),
        "refused-address",
        /live\.localhost has the address 169\.254\.169\.254/,
      );
      expect(origin.requests).to.have.length(2);
    });
  });

  describe("follows redirects", () => {
    /** `/N` redirects to `/N-1`, `/0` is the target. */
    const respond: RequestListener = (request, response) => {
      const count = Number(request.url?.slice(1).replace(/\?.*/, ""));
      if (count === 0) response.end("target");
      else
        response
          .writeHead([301, 302, 303, 307, 308][count % 5] ?? 302, {
            location: Buffer.from(`${count - 1}?n=é`).toString("latin1"),
          })
          .end();
    };

    it("up to five, on one connection, and returns the last URL", async () => {
      const origin = await start(respond);
      expect(await read(create(), origin.toUrl("/5"))).to.include({
        text: "target",
        finalUrl: origin.toUrl("/0?n=%C3%A9"),
      });
      expect(origin.connections).to.equal(1);
      await expectFailure(read(create(), origin.toUrl("/6")), "redirects", /more than 5 redirects/);
    });

    const redirectTo =
      (location: () => string | undefined): RequestListener =>
      (_, response) => {
        const value = location();
        response.writeHead(302, value === undefined ? {} : { location: value }).end("moved");
      };

    it("but not in a loop, and not without a valid location", async () => {
      let location: string | undefined = "/b";
      const origin = await start((request, response) =>
        redirectTo(() => (request.url === "/b" ? "/a?token=1#x" : location))(request, response),
      );
      await expectFailure(
        read(create(), origin.toUrl("/a?token=1")),
        "redirects",
        /\/b: the redirects form a loop\./,
      );
      expect(origin.requests).to.have.length(2);
      for (location of [undefined, "", "http://["])
        await expectFailure(read(create(), origin.toUrl("/a")), "redirects", /without a valid location/);
    });

    it("but not to other hosts, special addresses, credentials or other protocols", async () => {
      const target = await start((_, response) => response.end("secret"));
      let location = "";
      const origin = await start(redirectTo(() => location));
      const fetcher = create({ allowedHosts: ["169.254.169.254", "10.0.0.1"] });
      for (const [next, kind] of [
        ["http://169.254.169.254/latest/meta-data/", "refused-address"],
        ["http://0xa9fea9fe/latest/meta-data/", "refused-address"],
        ["//10.0.0.1/", "refused-address"],
        [target.toUrl("/", "127.0.0.1"), "refused-host"],
        [target.toUrl("/", "[::1]"), "refused-host"],
        [target.toUrl("/", "other.localhost"), "refused-host"],
        [target.toUrl("/", "name:secret@live.localhost"), "refused-url"],
        ["file:///etc/passwd", "refused-url"],
      ] as const) {
        location = next;
        await expectFailure(read(fetcher, origin.toUrl("/")), kind, /./);
      }
      expect(target.requests).to.have.length(0);
      // A public channel that redirects to loopback, also where loopback is allowed.
      location = target.toUrl("/", "localhost");
      await expectFailure(read(create(), origin.toUrl("/")), "refused-host", /host localhost/);
    });

    it("from http: to https:, but not back", async () => {
      const plain = await start((_, response) => response.end("plain"));
      let location = plain.toUrl("/plain");
      const secure = await start(
        (request, response) =>
          request.url === "/" ? redirectTo(() => location)(request, response) : response.end("secure"),
        true,
      );
      await expectFailure(
        read(create(), secure.toUrl("/")),
        "redirects",
        /redirects from https: to http:\/\/live\.localhost:\d+\/plain\./,
      );
      location = secure.toUrl("/target");
      const entry = await start(redirectTo(() => secure.toUrl("/")));
      expect(await read(create(), entry.toUrl("/"))).to.include({ text: "secure", finalUrl: location });
      expect(plain.requests).to.have.length(0);
    });
  });

  it("checks the certificate against the host's name", async () => {
    const origin = await start((_, response) => response.end("secure"), true);
    expect(await read(create(), origin.toUrl("/"))).to.include({ text: "secure" });
    await expectFailure(read(create({ ca: undefined }), origin.toUrl("/")), "connection", /certificate/);
    await expectFailure(
      read(create({ allowedHosts: ["x.localhost"] }), origin.toUrl("/", "x.localhost")),
      "connection",
      /x\.localhost\. is not in the cert|not match certificate/,
    );
  });

  describe("decodes", () => {
    const content = "#EXTM3U\n".repeat(100);
    const encodings = {
      gzip: gzipSync(content),
      "x-gzip": gzipSync(content),
      deflate: deflateSync(content),
      "deflate without a header": deflateRawSync(content),
      br: brotliCompressSync(content),
    };
    const respondWith =
      (encoding: string, body: Buffer): RequestListener =>
      (_, response) =>
        response.setHeader("content-encoding", encoding.replace(/ .*/, "")).end(body);

    for (const [encoding, body] of Object.entries(encodings))
      it(`${encoding}, asked for or not`, async () => {
        const origin = await start(respondWith(encoding, body));
        const fetcher = create();
        for (const acceptsCompression of [true, false])
          expect(await read(fetcher, origin.toUrl("/"), { acceptsCompression })).to.include({
            text: content,
          });
        expect(origin.requests.map(({ headers }) => headers["accept-encoding"])).to.deep.equal([
          "gzip, deflate, br",
          "identity",
        ]);
        expect(origin.connections).to.equal(1);
      });

    const bomb = "0".repeat(50_000_000);
    for (const [encoding, body] of Object.entries({
      gzip: gzipSync(bomb),
      deflate: deflateSync(bomb),
      br: brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    }))
      it(`${encoding} up to the limit of decoded bytes`, async () => {
        const origin = await start(respondWith(encoding, body));
        await expectFailure(
          read(create(), origin.toUrl("/")),
          "too-large",
          /exceeds the limit of 1000000 bytes/,
        );
      });

    it("no endless compressed content without data", async () => {
      // Empty stored blocks.
      const empty = Buffer.concat([
        gzipSync("").subarray(0, 10),
        Buffer.alloc(5_000_000).fill("000000ffff", "hex"),
      ]);
      // Without Content-Length, which alone would exceed the limit.
      const origin = await start((_, response) => {
        response.setHeader("content-encoding", "gzip").write(empty);
        response.end();
      });
      await expectFailure(read(create(), origin.toUrl("/")), "too-large", /limit of 1000000 bytes/);
    });

    it("nothing that is broken, incomplete or in an unknown encoding", async () => {
      const whole = gzipSync(randomBytes(10_000));
      for (const [encoding, body, pattern] of [
        ["gzip", Buffer.from("#EXTM3U"), /incorrect header check/],
        ["gzip", whole.subarray(0, 5000), /unexpected end of file/],
        ["br", Buffer.from("#EXTM3U"), /./],
        ["deflate", Buffer.from("#EXTM3U"), /./],
        ["zstd", Buffer.from("#EXTM3U"), /"zstd" is not supported/],
        ["gzip, gzip", gzipSync(whole), /"gzip, gzip" is not supported/],
        ["constructor", Buffer.from(""), /"constructor" is not supported/],
      ] as const) {
        const origin = await startOrigin((_, response) =>
          response.setHeader("content-encoding", encoding).end(body),
        );
        closers.push(origin.close);
        const failure = await expectFailure(read(create(), origin.toUrl("/")), "encoding", pattern);
        expect(failure.retryable).to.equal(false);
      }
    });
  });

  describe("reads a part", () => {
    const content = "0123456789abcdef";
    const request = { byteRange: { offset: 4, length: 6 } };
    const respondPartially =
      (contentRange: string | undefined, body: string | Buffer, headers = {}): RequestListener =>
      (_, response) =>
        response
          .writeHead(206, {
            ...(contentRange === undefined ? {} : { "content-range": contentRange }),
            ...headers,
          })
          .end(body);

    it("from a server that knows ranges, on one connection", async () => {
      const origin = await start(respondPartially("bytes 4-9/*", "456789"));
      const fetcher = create();
      for (let index = 0; index < 3; index++)
        expect(await read(fetcher, origin.toUrl("/"), request)).to.include({ status: 206, text: "456789" });
      expect(origin.requests[0]?.headers.range).to.equal("bytes=4-9");
      expect(origin.connections).to.equal(1);
    });

    it("from a server that ignores ranges, compressed or not, and nothing after the part", async () => {
      const origin = await start((_, response) => response.end(content));
      expect(await read(create(), origin.toUrl("/"), { ...request, maxBytes: 6 })).to.include({
        status: 200,
        text: "456789",
      });
      const compressed = await start((_, response) =>
        response.setHeader("content-encoding", "gzip").end(gzipSync(content)),
      );
      expect(
        await read(create(), compressed.toUrl("/"), { ...request, acceptsCompression: true }),
      ).to.include({
        text: "456789",
      });
      expect(compressed.requests[0]?.headers["accept-encoding"]).to.equal("identity");
      // Never ends, but has the part.
      const endless = await start((_, response) => response.write(content));
      expect(await read(create(), endless.toUrl("/"), request)).to.include({ text: "456789" });
    });

    it("but not another one, and not less", async () => {
      for (const [respond, pattern] of [
        [
          respondPartially("bytes 0-5/16", "012345"),
          /sent "bytes 0-5\/16" instead of the requested bytes 4-9/,
        ],
        [respondPartially("bytes 4-8/9", "45678"), /sent "bytes 4-8\/9" instead/],
        [respondPartially("bytes 4-10/16", "456789a"), /sent "bytes 4-10\/16" instead/],
        [respondPartially("bytes */16", ""), /instead/],
        [respondPartially("4-9/16", "456789"), /instead/],
        [respondPartially(undefined, "456789"), /a part without Content-Range/],
        [respondPartially("bytes 4-9/16", "45678"), /not the length/],
        [respondPartially("bytes 4-9/16", "456789ab"), /not the length/],
        [respondPartially("bytes 4-9/16", "45678", { "transfer-encoding": "chunked" }), /not the length/],
        [respondPartially("bytes 4-9/16", "456789ab", { "transfer-encoding": "chunked" }), /not the length/],
        [
          (_: unknown, response) => response.end("01234567"),
          /ends before the end of the requested bytes 4-9/,
        ],
        [
          (_: unknown, response) =>
            response.writeHead(200, { "transfer-encoding": "chunked" }).end("01234567"),
          /ends before the end/,
        ],
      ] satisfies readonly (readonly [RequestListener, RegExp])[]) {
        const origin = await start(respond);
        const failure = await expectFailure(read(create(), origin.toUrl("/"), request), "range", pattern);
        expect(failure.retryable).to.equal(false);
      }
      const compressed = await start(
        respondPartially("bytes 4-9/16", gzipSync("456789"), { "content-encoding": "gzip" }),
      );
      await expectFailure(read(create(), compressed.toUrl("/"), request), "encoding", /compresses a part/);
      const unasked = await start(respondPartially("bytes 0-5/16", "012345"));
      await expectFailure(read(create(), unasked.toUrl("/")), "range", /although all of it was requested/);
    });

    it("but not one above the limit, or far into a resource of a server that ignores ranges", async () => {
      const origin = await start((_, response) => response.end(content));
      await expectFailure(
        read(create(), origin.toUrl("/"), { ...request, maxBytes: 5 }),
        "too-large",
        /part of 6 bytes exceeds the limit of 5 bytes/,
      );
      expect(origin.requests).to.have.length(0);
      await expectFailure(
        read(create(), origin.toUrl("/"), { byteRange: { offset: 70_000_000, length: 1 } }),
        "range",
        /ignores the requested bytes 70000000-70000000/,
      );
    });
  });

  describe("fails", () => {
    it("with the status, retryable or not, without the query in the message", async () => {
      const origin = await start((request, response) =>
        response.writeHead(Number(request.url?.slice(1, 4))).end("secret"),
      );
      for (const [status, retryable] of [
        [204, false],
        [304, false],
        [401, false],
        [403, false],
        [404, false],
        [416, false],
        [429, true],
        [500, true],
        [503, true],
      ] as const) {
        const url = origin.toUrl(`/${status}`);
        const failure = await expectFailure(read(create(), `${url}?token=secret`), "status", /./);
        expect(failure).to.include({ status, retryable });
        expect(failure.message).to.equal(`Cannot fetch ${url}: the server returned status ${status}.`);
      }
    });

    it("above the limit of bytes, declared or not", async () => {
      const declared = await start((_, response) =>
        response.writeHead(200, { "content-length": 1_000_001 }).write("a"),
      );
      await expectFailure(read(create(), declared.toUrl("/")), "too-large", /limit of 1000000 bytes/);
      const endless = await start((_, response) => {
        const write = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384)));
          response.once("drain", write);
        };
        write();
      });
      await expectFailure(read(create(), endless.toUrl("/")), "too-large", /limit of 1000000 bytes/);
      const exact = await start((_, response) => response.end(Buffer.alloc(1_000_000)));
      expect((await read(create(), exact.toUrl("/"))).text).to.have.length(1_000_000);
    });

    it("for headers above 16 KiB", async () => {
      const origin = await start((_, response) => response.setHeader("x-large", "a".repeat(20_000)).end());
      await expectFailure(
        read(create(), origin.toUrl("/")),
        "too-large",
        /headers exceed the limit of 16384 bytes/,
      );
    });

    it("after the time limit, however slowly data arrives", async () => {
      const origin = await start((_, response) => {
        response.write("a");
        const timer = setInterval(() => response.write("a"), 20);
        response.once("close", () => clearInterval(timer));
      });
      const failure = await expectFailure(
        read(create(), origin.toUrl("/?token=secret"), { timeoutMs: 300 }),
        "timeout",
        /:\d+\/: the response was not complete within 0\.3 s/,
      );
      expect(failure.retryable).to.equal(true);
    });

    it("after a time without data: before the headers, within them, within the body and within a redirect", async () => {
      const urls = [
        await startRaw(() => {}),
        await startRaw((socket) => socket.write("HTTP/1.1 200 OK\r\nx-a: ")),
        await startRaw((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")),
        await startRaw((socket) =>
          socket.write("HTTP/1.1 302 OK\r\nlocation: /\r\ncontent-length: 9\r\n\r\nabc"),
        ),
      ];
      for (const url of urls)
        await expectFailure(
          read(create({ idleTimeoutMs: 100 }), url),
          "timeout",
          /the server sent no data for 0\.1 s/,
        );
    });

    it("not because its reader is slow", async () => {
      const origin = await start((_, response) => response.end(Buffer.alloc(900_000)));
      const { stream } = await create({ idleTimeoutMs: 50 }).fetchStream({
        url: origin.toUrl("/"),
        ...limits,
      });
      let bytes = 0;
      for await (const chunk of stream) {
        // Time passes: it is what is tested.
        if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 150));
        bytes += chunk.length;
      }
      expect(bytes).to.equal(900_000);
    });

    it("for an incomplete body, no response, or one that is not HTTP", async () => {
      for (const [reply, pattern] of [
        ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", /closed before the end of the response/],
        [
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
          /closed before the end of the response/,
        ],
        ["", /socket hang up/],
        ["SSH-2.0-OpenSSH\r\n", /Parse Error/],
        [
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
          /without a response/,
        ],
      ] as const) {
        const url = await startRaw((socket) => socket.end(reply));
        const failure = await expectFailure(read(create(), url), "connection", pattern);
        expect(failure.retryable).to.equal(true);
        expect(failure.message).to.include("Cannot fetch http://live.localhost:");
      }
      const origin = await startOrigin(() => {});
      await origin.close();
      await expectFailure(read(create(), origin.toUrl("/")), "connection", /ECONNREFUSED/);
      const { lookup } = createResolver([]);
      await expectFailure(read(create({ lookup }), origin.toUrl("/")), "connection", /has no address/);
    });

    it("with the reason of an aborted signal, before and while data arrives", async () => {
      const origin = await start((_, response) => response.write("a"));
      const controller = new AbortController();
      const { stream } = await create().fetchStream({
        url: origin.toUrl("/"),
        ...limits,
        signal: controller.signal,
      });
      const ended = catchError(stream.toArray());
      const reason = new Error("lease lost");
      controller.abort(reason);
      expect(await ended).to.equal(reason);
      expect(await catchError(read(create(), origin.toUrl("/"), { signal: controller.signal }))).to.equal(
        reason,
      );
      expect(origin.requests).to.have.length(1);
    });

    it("with the reason of a signal that is aborted before the stream is read", async () => {
      const url = await startRaw((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"));
      const controller = new AbortController();
      const { stream } = await create().fetchStream({ url, ...limits, signal: controller.signal });
      const reason = new Error("lease lost");
      controller.abort(reason);
      expect(await catchError(stream.toArray())).to.equal(reason);
    });

    it("once it is closed", async () => {
      const origin = await start((_, response) => response.write("a"));
      const fetcher = create();
      const { stream } = await fetcher.fetchStream({ url: origin.toUrl("/"), ...limits });
      const ended = stream.toArray();
      fetcher.close();
      await expectFailure(ended, "connection", /are closed/);
      await expectFailure(read(fetcher, origin.toUrl("/")), "connection", /are closed/);
    });
  });

  it("closes the connection of a stream that is destroyed, while it waits for the server too", async () => {
    const origin = await start((_, response) => response.write("a"));
    const { stream } = await create().fetchStream({ url: origin.toUrl("/"), ...limits });
    await once(stream, "data");
    const { socket } = origin.requests[0] ?? {};
    expect(socket?.destroyed).to.equal(false);
    stream.destroy();
    if (socket !== undefined) await once(socket, "close");
  });

  it("sends a request again if the server closed the free connection, but not within a response", async () => {
    const reply = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    const start = async (serveSecond: (socket: Socket) => void) => {
      const counts = { connections: 0, requests: 0 };
      const server = createSocketServer((socket) => {
        counts.connections++;
        socket.on("error", () => {});
        socket.on("data", () => {
          if (++counts.requests === 2) serveSecond(socket);
          else socket.write(reply);
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      closers.push(() => server.close());
      return { counts, url: `http://live.localhost:${(server.address() as AddressInfo).port}/` };
    };
    for (const close of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const { counts, url } = await start(close);
      const fetcher = create();
      for (let index = 0; index < 2; index++) expect(await read(fetcher, url)).to.include({ text: "ok" });
      expect(counts).to.deep.equal({ connections: 2, requests: 3 });
    }
    let reset = (): void => {};
    const { counts, url } = await start((socket) => {
      reset = () => socket.resetAndDestroy();
      socket.write(reply.slice(0, -1));
    });
    const fetcher = create();
    await read(fetcher, url);
    const { stream } = await fetcher.fetchStream({ url, ...limits });
    reset();
    await expectFailure(stream.toArray(), "connection", /closed before the end of the response/);
    expect(await read(fetcher, url)).to.include({ text: "ok" });
    expect(counts).to.deep.equal({ connections: 2, requests: 3 });
  });
});
