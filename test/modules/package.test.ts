import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { zipFiles } from "../../modules/package.ts";

describe("zipFiles", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-zip-"));
    await writeFile(join(folder, "a.js"), "first");
    await writeFile(join(folder, "b.js"), "second");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const zip = (...names: string[]) => zipFiles(names.map((name) => join(folder, name)));

  it("gives the same bytes whatever the files' times, modes and order", async () => {
    const before = await zip("a.js", "b.js");
    await utimes(join(folder, "a.js"), 1_000_000, 1_000_000);

    expect((await zip("b.js", "a.js")).equals(before)).to.equal(true);
  });

  it("gives other bytes for other content or another name", async () => {
    const before = await zip("a.js");

    expect((await zip("b.js")).equals(before)).to.equal(false);
    await writeFile(join(folder, "a.js"), "fir5t");
    expect((await zip("a.js")).equals(before)).to.equal(false);
  });
});
