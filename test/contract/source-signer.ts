import { expect } from "chai";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { SourceSigner } from "../../pipeline/ports/source-signer.ts";

/** A home's source signer over its input bucket. */
export interface SourceSignerFixture {
  readonly signer: SourceSigner;
  readonly bucket: string;
  readonly objects: Pick<ObjectStore, "write">;
  /** Makes a signed URL absolute. */
  resolve(url: string): string;
  close(): Promise<void>;
}

/** The contract of `SourceSigner` (pipeline/ports/source-signer.ts), with requests over HTTP as a browser sends them. */
export const describeSourceSignerContract = (
  name: string,
  openFixture: () => Promise<SourceSignerFixture>,
): void => {
  describe(`the source signer contract, ${name}`, () => {
    let fixture: SourceSignerFixture;
    before(async () => {
      fixture = await openFixture();
    });
    after(() => fixture.close());

    /** Stores versions of a key and signs the URL of each. */
    const sign = async (key: string, ...texts: readonly string[]): Promise<readonly string[]> => {
      const { bucket, objects, signer, resolve } = fixture;
      const urls: string[] = [];
      for (const text of texts) {
        const { versionId = "" } = await objects.write(
          { bucket, key },
          { text },
          { contentType: "video/quicktime" },
        );
        const fileName = key.slice(key.lastIndexOf("/") + 1);
        urls.push(resolve(await signer.signUrl({ bucket, key, versionId }, { fileName, expirySeconds: 60 })));
      }
      return urls;
    };

    it("signs URLs that need no credentials and read exactly one version", async () => {
      const [first = "", second = ""] = await sign("talks/a.mov", "first", "second");
      const response = await fetch(first);
      expect([response.status, response.headers.get("content-type"), await response.text()]).to.deep.equal([
        200,
        "video/quicktime",
        "first",
      ]);
      expect(await (await fetch(second)).text()).to.equal("second");
      const range = await fetch(first, { headers: { range: "bytes=1-3" } });
      expect([range.status, await range.text()]).to.deep.equal([206, "irs"]);
    });

    it("signs any name of a file", async () => {
      for (const key of ["talks/Ünïcode & (1)'*!~.mov", 'a/#?%2F+ =;",\\.mov', `${"語".repeat(300)}.mov`]) {
        const [url = ""] = await sign(key, key);
        const response = await fetch(url);
        expect([response.status, await response.text()], key).to.deep.equal([200, key]);
      }
    });
  });
};
