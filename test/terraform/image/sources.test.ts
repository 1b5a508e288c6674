import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hashContext, withWorkerContext } from "../../../terraform/image/build-context.ts";

describe("the sources of the worker's image", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-sources-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are hashed by name, length and bytes, in the order of their names", async () => {
    await writeFile(join(folder, "worker.cjs"), "é");
    await writeFile(join(folder, "Dockerfile"), "FROM x");

    const hash = await hashContext({ directory: folder, files: ["worker.cjs", "Dockerfile"] });

    const expected = createHash("sha256").update("Dockerfile\n6\nFROM xworker.cjs\n2\né").digest("hex");
    expect(hash).to.equal(expected);
  });

  it("tell a byte that moved from one file's end to the next one's name", async () => {
    const hash = async (first: string, second: string): Promise<string> => {
      await writeFile(join(folder, "a"), first);
      await writeFile(join(folder, "b"), second);
      return hashContext({ directory: folder, files: ["a", "b"] });
    };

    expect(await hash("1", "b\n")).not.to.equal(await hash("1b", "\n"));
  });

  it("name no folder of the machine that bundles them", async () => {
    const home = join(import.meta.dirname, "../../..");

    const [worker = "", map = ""] = await withWorkerContext(({ directory }) =>
      Promise.all(["worker.cjs", "worker.cjs.map"].map((name) => readFile(join(directory, name), "utf8"))),
    );

    for (const text of [worker, map]) {
      expect(text).not.to.include(home);
      expect(text).not.to.include(`${tmpdir()}/`);
    }
    expect(worker).not.to.match(/node_modules/);
    expect(map).to.include('"docker/ffmpeg/worker.ts"');
  });
});
