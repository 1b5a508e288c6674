import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { expect } from "chai";
import { isPublicAddress } from "../../../adapters/aws/public-address.ts";
import { createWebhookPost } from "../../../adapters/aws/webhook-post.ts";
import { RefusedAddressError } from "../../../pipeline/webhooks/deliver.ts";
import { catchError } from "../../catch-error.ts";
import { type HttpSubscriber, startHttpSubscriber } from "../local/http-subscriber.ts";
import { createResolver } from "./resolver.ts";

describe("the request of a webhook", () => {
  let receiver: HttpSubscriber;
  beforeEach(async () => {
    receiver = await startHttpSubscriber();
  });
  afterEach(() => receiver.close());
  const toUrl = (host: string) => `http://${host}:${receiver.port}/hook`;

  it("posts headers and body, and returns the status without following a redirect", async () => {
    const post = createWebhookPost({ isAllowedAddress: () => true });
    const body = '{"name":"ü"}';
    expect(await post(toUrl("127.0.0.1"), { "webhook-id": "msg_1" }, body)).to.equal(200);
    const received = await receiver.take();
    expect(received.body).to.equal(body);
    expect(received.headers).to.include({ "webhook-id": "msg_1", "content-length": "13" });

    receiver.setStatus({ status: 307, location: toUrl("127.0.0.1") });
    expect(await post(toUrl("127.0.0.1"), {}, "first")).to.equal(307);
    receiver.setStatus({ status: 200 });
    await post(toUrl("127.0.0.1"), {}, "second");
    expect([(await receiver.take()).body, (await receiver.take()).body]).to.deep.equal(["first", "second"]);
  });

  it("is refused before a connection if any address of the host is not public", async () => {
    for (const addresses of [
      ["127.0.0.1"],
      ["8.8.8.8", "169.254.169.254"],
      ["2606:4700:4700::1111", "::ffff:127.0.0.1"],
      ["64:ff9b::a9fe:a9fe"],
    ]) {
      const { lookup } = createResolver(addresses);
      const post = createWebhookPost({ isAllowedAddress: isPublicAddress, lookup });
      const failure = await catchError(post(toUrl("hooks.example.com"), {}, ""));

      expect(failure, addresses.join()).to.be.instanceOf(RefusedAddressError);
      expect(String(failure)).to.include(`hooks.example.com has the address ${addresses.at(-1)}`);
    }
    // Nothing has arrived: the next request is the first one.
    await createWebhookPost({ isAllowedAddress: () => true })(toUrl("127.0.0.1"), {}, "allowed");
    expect((await receiver.take()).body).to.equal("allowed");
  });

  it("is refused for an address in the URL, however it is written", async () => {
    const post = createWebhookPost({ isAllowedAddress: isPublicAddress });
    for (const host of [
      "127.0.0.1",
      "127.1",
      "0x7f000001",
      "2130706433",
      "0177.0.0.1",
      "0",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
    ])
      expect(await catchError(post(toUrl(host), {}, "")), host).to.be.instanceOf(RefusedAddressError);
    expect(await catchError(post(toUrl("localhost"), {}, ""))).to.be.instanceOf(RefusedAddressError);
  });

  it("connects to the address that was checked: the host is resolved once", async () => {
    const { calls, lookup } = createResolver(["127.0.0.1"], ["169.254.169.254"]);
    const checked: string[] = [];
    const post = createWebhookPost({
      isAllowedAddress: (address) => checked.push(address) > 0,
      lookup,
    });

    expect(await post(toUrl("hooks.example.com"), {}, "")).to.equal(200);
    expect((await receiver.take()).headers.host).to.equal(`hooks.example.com:${receiver.port}`);
    expect({ calls, checked }).to.deep.equal({ calls: ["hooks.example.com"], checked: ["127.0.0.1"] });
  });

  it("ends after its time limit, and reads no more than 64 KiB of a response", async function () {
    this.timeout(10_000);
    const server = createServer((request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(200);
      // An endless response.
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
        response.once("drain", write);
      };
      write();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    try {
      const post = (path: string, timeoutMs: number) =>
        createWebhookPost({ isAllowedAddress: () => true, timeoutMs })(
          `http://127.0.0.1:${port}${path}`,
          {},
          "",
        );
      expect(String(await catchError(post("/silent", 200)))).to.equal(
        "Error: The endpoint did not respond within 0.2 s.",
      );
      expect(await post("/endless", 8000)).to.equal(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("fails if the endpoint switches to another protocol, or closes the connection", async () => {
    const replies = ["HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", ""];
    const server = createSocketServer((socket) => {
      socket.once("data", () => socket.end(replies.shift() ?? ""));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    try {
      const post = createWebhookPost({ isAllowedAddress: () => true });
      for (const pattern of [/closed the connection without a response/, /socket hang up/])
        expect(String(await catchError(post(`http://127.0.0.1:${port}/`, {}, "")))).to.match(pattern);
    } finally {
      server.close();
    }
  });
});
