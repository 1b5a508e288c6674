import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hashContext, workerContext } from "../../../terraform/image/build-context.ts";

describe("the hash of the image sources", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-sources-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("covers name, length and bytes, ordered by name", async () => {
    await writeFile(join(folder, "worker.cjs"), "é");
    await writeFile(join(folder, "Dockerfile"), "FROM x");

    const hash = await hashContext({ directory: folder, files: ["worker.cjs", "Dockerfile"] });

    const expected = createHash("sha256").update("Dockerfile\n6\nFROM xworker.cjs\n2\né").digest("hex");
    expect(hash).to.equal(expected);
  });

  it("distinguishes a byte moved between files", async () => {
    const hash = async (first: string, second: string): Promise<string> => {
      await writeFile(join(folder, "a"), first);
      await writeFile(join(folder, "b"), second);
      return hashContext({ directory: folder, files: ["a", "b"] });
    };

    expect(await hash("1", "b\n")).not.to.equal(await hash("1b", "\n"));
  });

  it("contains no folder of the machine", async () => {
    const home = join(import.meta.dirname, "../../..");

    const { directory, files } = workerContext;
    const read = (name: string) => readFile(join(directory, name), "utf8");
    const texts = await Promise.all(files.map(read));
    const [worker, map] = await Promise.all([read("worker.cjs"), read("worker.cjs.map")]);

    for (const text of texts) {
      expect(text).not.to.include(home);
      expect(text).not.to.include(`${tmpdir()}/`);
    }
    expect(worker).not.to.match(/node_modules/);
    expect(map).to.include('"docker/ffmpeg/worker.ts"');
  });
});
