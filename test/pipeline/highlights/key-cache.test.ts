import { expect } from "chai";
import type { FetchRequest } from "../../../pipeline/highlights/channel-fetcher.ts";
import { DecryptionFailure } from "../../../pipeline/highlights/decrypt-segment.ts";
import { createKeyCache } from "../../../pipeline/highlights/key-cache.ts";
import { catchError } from "../../catch-error.ts";

describe("the keys of a channel", () => {
  const createFetcher = (respond: (url: string) => Uint8Array) => {
    const requests: FetchRequest[] = [];
    return {
      requests,
      async fetchBytes(request: FetchRequest) {
        requests.push(request);
        return { finalUrl: request.url, status: 200, bytes: respond(request.url) };
      },
    };
  };
  const toUrl = (name: string): string => `https://keys.example.com/${name}`;

  it("are fetched once each; the ones that were read last are kept", async () => {
    const fetcher = createFetcher((url) => Buffer.from(url.slice(-1).repeat(16)));
    const keys = createKeyCache(fetcher, { maxKeys: 2 });
    for (const name of ["a", "b", "a", "c", "a", "b"]) {
      const key = await keys.read({ url: toUrl(name), timeoutMs: 1000 });
      expect(Buffer.from(key).toString()).to.equal(name.repeat(16));
    }
    expect(fetcher.requests.map(({ url }) => url.slice(-1)).join("")).to.equal("abcb");
    expect(fetcher.requests[0]).to.include({ timeoutMs: 1000, maxBytes: 65_536 });
  });

  it("have 16 bytes; anything else is not kept", async () => {
    let length = 15;
    const fetcher = createFetcher(() => new Uint8Array(length));
    const keys = createKeyCache(fetcher);
    const failure = await catchError(keys.read({ url: toUrl("a"), timeoutMs: 1000 }));
    expect(failure).to.be.instanceOf(DecryptionFailure);
    expect(String(failure)).to.include("The key is wrong: it has 15 bytes");
    length = 16;
    expect(await keys.read({ url: toUrl("a"), timeoutMs: 1000 })).to.have.length(16);
    expect(fetcher.requests).to.have.length(2);
  });
});
