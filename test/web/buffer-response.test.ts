import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { bufferResponse } from "../../web/api/buffer-response.ts";

describe("a response of the API", () => {
  /** Requests a server that responds to everything in one way. */
  const request = async (listener: RequestListener): Promise<Response> => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      return await bufferResponse(await fetch(`http://127.0.0.1:${port}/`));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  const catchError = (response: Promise<Response>): Promise<unknown> =>
    response.then(
      () => undefined,
      (cause: unknown) => cause,
    );

  it("keeps its status, headers and body", async () => {
    const response = await request((_, response) => {
      response.writeHead(200, { etag: '"1"', "content-type": "application/json" }).end('{"id":1}');
    });
    expect(response.headers.get("etag")).to.equal('"1"');
    expect(await response.json()).to.deep.equal({ id: 1 });
    const unchanged = await request((_, response) => void response.writeHead(304).end());
    expect([unchanged.status, unchanged.body]).to.deep.equal([304, null]);
  });

  it("fails if the connection breaks before the end of the body", async () => {
    const cause = await catchError(
      request((_, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"id":', () => response.destroy());
      }),
    );
    expect(cause).to.be.instanceOf(TypeError);
  });

  it("fails if a success is not JSON", async () => {
    const cause = await catchError(
      request((_, response) => void response.end("<h1>Sign in to the Wi-Fi</h1>")),
    );
    expect(cause).to.be.instanceOf(SyntaxError);
  });

  it("keeps the page of a proxy that reports an error", async () => {
    const response = await request((_, response) => void response.writeHead(502).end("Bad gateway"));
    expect([response.status, await response.text()]).to.deep.equal([502, "Bad gateway"]);
  });
});
