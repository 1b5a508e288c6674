import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createSocketFolder } from "../../../adapters/local/socket-folder.ts";

describe("the folder of a Unix socket", () => {
  let owner: string;
  const folders: string[] = [];
  const createFolder = async (of?: string): Promise<string> => {
    const folder = await createSocketFolder(of);
    folders.push(folder);
    return folder;
  };
  beforeEach(async () => {
    owner = await mkdtemp(join(tmpdir(), "reelway-owner-"));
  });
  afterEach(async () => {
    for (const folder of [owner, ...folders.splice(0)]) await rm(folder, { recursive: true, force: true });
  });

  it("is accessible to this user only", async () => {
    for (const folder of [await createFolder(), await createFolder(owner)])
      expect((await lstat(folder)).mode & 0o777).to.equal(0o700);
  });

  it("has one name per data folder, and replaces a socket left by a killed process", async () => {
    const first = await createFolder(owner);
    await writeFile(join(first, "database.sock"), "");
    const second = await createFolder(owner);
    expect(second).to.equal(first);
    expect(await readdir(second)).to.deep.equal([]);
  });

  it("uses another name if others can enter the folder", async () => {
    const first = await createFolder(owner);
    await chmod(first, 0o755);
    const second = await createFolder(owner);
    expect(second).to.not.equal(first);
    expect((await lstat(second)).mode & 0o777).to.equal(0o700);
  });

  it("fails with instructions if no temporary folder is usable", async () => {
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

  it("fits the length limit of a socket path for any temporary folder", async () => {
    const longFolder = join(owner, "x".repeat(100));
    await mkdir(longFolder);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = longFolder;
    try {
      expect(Buffer.byteLength(join(await createFolder(owner), "database.sock"))).to.be.at.most(103);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
