import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { makeDataFolder, resolveDataFolder, toDataFolderError } from "../../runtime/data-folder.ts";

const refused = async (path: string): Promise<string> => {
  try {
    await makeDataFolder(resolveDataFolder(path));
  } catch (cause) {
    if (cause instanceof CommandError) return cause.message;
    throw cause;
  }
  throw new Error("It was made.");
};

describe("the data folder", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-folder-"));
  });
  afterEach(async () => {
    await chmod(root, 0o755);
    await rm(root, { recursive: true, force: true });
  });

  it("is created with its subfolders, idempotently", async () => {
    const subfolders = ["input", "multipart-uploads", "objects", "output", "scratch", "tasks", "uploads"];
    for (let time = 0; time < 2; time += 1) {
      await makeDataFolder(resolveDataFolder(join(root, "deep/data")));
      expect((await readdir(join(root, "deep/data"))).sort()).to.deep.equal(subfolders);
    }
  });

  it("fails with one line that explains the reason and the fix", async () => {
    await writeFile(join(root, "file"), "");
    await mkdir(join(root, "taken"));
    await writeFile(join(root, "taken/input"), "");
    for (const path of [join(root, "file"), join(root, "file/below"), join(root, "taken")])
      expect(await refused(path))
        .to.include(path)
        .and.to.include("not a folder")
        .and.to.include("--data DIR");
    expect(await refused(join(root, "n".repeat(300)))).to.include("too long");
    // Where a folder that exists takes no other.
    expect(await refused("/proc/reelway/data"))
      .to.include("/proc/reelway/data")
      .and.to.include("--data DIR");
  });

  it("reports permissions, read-only file systems and full disks", async () => {
    const failed = (code: string) =>
      toDataFolderError("/data", Object.assign(new Error("x"), { code }))?.message;
    expect(failed("EACCES")).to.include("/data").and.to.include("permissions");
    expect(failed("EROFS")).to.include("read-only");
    expect(failed("ENOSPC")).to.include("full");
    expect(failed("EIO")).to.equal(undefined);
    const elsewhere = Object.assign(new Error("x"), { code: "EACCES", path: "/usr/bin/ffmpeg" });
    expect(toDataFolderError("/data", elsewhere)).to.equal(undefined);
    expect(toDataFolderError("/data", new Error("else"))).to.equal(undefined);
  });
});
