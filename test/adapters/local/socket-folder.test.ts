import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createSocketFolder } from "../../../adapters/local/socket-folder.ts";

describe("the folder of a Unix socket", () => {
  let owner: string;
  const made: string[] = [];
  const make = async (of?: string): Promise<string> => {
    const folder = await createSocketFolder(of);
    made.push(folder);
    return folder;
  };
  beforeEach(async () => {
    owner = await mkdtemp(join(tmpdir(), "reelway-owner-"));
  });
  afterEach(async () => {
    for (const folder of [owner, ...made.splice(0)]) await rm(folder, { recursive: true, force: true });
  });

  it("belongs to this user alone", async () => {
    for (const folder of [await make(), await make(owner)])
      expect((await lstat(folder)).mode & 0o777).to.equal(0o700);
  });

  it("has one name for one data folder, and takes the place of what a killed process left", async () => {
    const first = await make(owner);
    await writeFile(join(first, "database.sock"), "");
    const second = await make(owner);
    expect(second).to.equal(first);
    expect(await readdir(second)).to.deep.equal([]);
  });

  it("has another name where others may enter the folder that has its own", async () => {
    const first = await make(owner);
    await chmod(first, 0o755);
    const second = await make(owner);
    expect(second).to.not.equal(first);
    expect((await lstat(second)).mode & 0o777).to.equal(0o700);
  });

  it("is refused with what to do where no folder for temporary files can be used", async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(owner, "none");
    try {
      const failed = await createSocketFolder(owner).catch((cause: unknown) => cause);
      expect(String(failed)).to.match(/cannot be created in .*none: ENOENT.*\. Set TMPDIR to a folder/);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it("is short enough for a socket's path, however long the folder for temporary files", async () => {
    const long = join(owner, "x".repeat(100));
    await mkdir(long);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = long;
    try {
      expect(Buffer.byteLength(join(await make(owner), "database.sock"))).to.be.at.most(103);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
