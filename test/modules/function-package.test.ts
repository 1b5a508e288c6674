import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packageFunction, zipFiles } from "../../modules/function-package.ts";
import { HookError } from "../../pipeline/configuration/hooks-schema.ts";

describe("zipFiles", () => {
  const first = Buffer.from("first");
  const second = Buffer.from("second");

  it("creates the same bytes for any order", async () => {
    const [one, two] = [
      await zipFiles({ "a.js": first, "b.js": second }),
      await zipFiles({ "b.js": second, "a.js": first }),
    ];

    expect(one.equals(two)).to.equal(true);
  });

  it("creates other bytes for other content or another name", async () => {
    const before = await zipFiles({ "a.js": first });

    expect((await zipFiles({ "b.js": first })).equals(before)).to.equal(false);
    expect((await zipFiles({ "a.js": Buffer.from("fir5t") })).equals(before)).to.equal(false);
  });
});

describe("packageFunction", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-package-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("names the hook whose file does not exist", async () => {
    const hook = { name: "onOutput", path: "./hooks/missing.ts" } as const;
    const failure = await packageFunction("on-output", "{}", { hook }).catch((cause: unknown) => cause);

    expect(failure)
      .to.be.instanceOf(HookError)
      .and.to.have.property("message")
      .that.includes(
        "The hook ./hooks/missing.ts (hooks.onOutput in the configuration) cannot be used: the file does not exist.",
      );
  });

  it("returns path, size and hash of a zip of code and source map", async function () {
    this.timeout(30_000);
    const packed = await packageFunction("transcoder-events", '{"stage":"here"}', { directory: folder });

    const zip = await readFile(packed.path);
    const hash = createHash("sha256").update(zip);
    expect(packed).to.deep.equal({
      path: join(folder, "transcoder-events.zip"),
      bytes: zip.length,
      sha256: hash.copy().digest("base64"),
      sha256Hex: hash.digest("hex"),
    });
    // Files are stored as they are, so that names and content can be read in the zip itself.
    for (const text of ["index.js", "index.js.map", JSON.stringify('{"stage":"here"}')])
      expect(zip.includes(text), text).to.equal(true);
  });
});
