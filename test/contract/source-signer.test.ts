import { join } from "node:path";
import { expect } from "chai";
import { createLocalSourceSigner } from "../../adapters/local/source-signer.ts";
import { createUrlSigner, openSigningKey } from "../../adapters/local/url-signature.ts";
import { createAccounts } from "../../pipeline/access/accounts.ts";
import { createMemoryRateLimiter } from "../runtime/server/rate-limiter.ts";
import { serveApp } from "../runtime/server/serve-app.ts";
import { describeSourceSignerContract, type SourceSignerFixture } from "./source-signer.ts";

const bucket = "input";

describe("the source signer of one machine", () => {
  let nowMs = Date.parse("2026-11-29T12:00:00Z");
  const open = async (): Promise<SourceSignerFixture> => {
    const clock = { now: () => new Date(nowMs) };
    const served = await serveApp({
      authentication: {
        accounts: { read: async () => createAccounts(), update: async () => undefined },
        rateLimiter: createMemoryRateLimiter(clock),
        clock,
      },
      now: () => nowMs,
    });
    const key = await openSigningKey(join(served.root, "upload-signing-key"));
    return {
      signer: createLocalSourceSigner(createUrlSigner({ key, expirySeconds: 1, now: () => nowMs })),
      bucket,
      objects: served.objects,
      resolve: (url) => new URL(url, `http://127.0.0.1:${served.server.port}`).href,
      close: served.close,
    };
  };

  describeSourceSignerContract("embedded", open);

  it("refuses URLs that are altered, of another upload or version, or expired, and reads without a signature", async () => {
    const { signer, objects, resolve, close } = await open();
    try {
      const write = (key: string) =>
        objects.write({ bucket, key }, { text: key }, { contentType: "video/mp4" });
      const { versionId = "" } = await write("a.mp4");
      await write("a.mp4");
      await write("b.mp4");
      const reference = { bucket, key: "a.mp4", versionId };
      const path = await signer.signUrl(reference, { fileName: "a.mp4", expirySeconds: 60 });
      const read = async (altered: string) => {
        const response = await fetch(resolve(altered));
        const body = await response.text();
        return [response.status, response.ok ? body : JSON.parse(body).type];
      };
      expect(await read(path)).to.deep.equal([200, "a.mp4"]);
      for (const altered of [
        path.replace("/a.mp4", "/b.mp4"),
        path.replace(/versionId=\d+/, "versionId=2"),
        path.replace(/versionId=[^&]+&/, ""),
        path.replace("/input/", "/output/"),
        `${path}&download=1`,
        path.replace(/signature=.*/, "signature="),
      ])
        expect(await read(altered), altered).to.deep.equal([403, "/problems/invalid-signature"]);
      for (const unsigned of ["/input/a.mp4", `/input/a.mp4?versionId=${versionId}`])
        expect(await read(unsigned), unsigned).to.deep.equal([401, "/problems/authentication-required"]);
      nowMs += 60_000;
      expect(await read(path)).to.deep.equal([403, "/problems/expired-url"]);
    } finally {
      await close();
    }
  });
});
