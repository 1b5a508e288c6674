import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { createOutputTree, type OutputTree, toTreePath } from "../../runtime/output-tree.ts";

const longName = "n".repeat(255);

describe("the readable tree of outputs", () => {
  let root: string;
  let warnings: unknown[];
  let tree: OutputTree;
  let showOutputs: (...keys: string[]) => Promise<void>;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-tree-"));
    warnings = [];
    const objects = createLocalObjectStore({ directory: join(root, "objects") });
    const log = {
      info: () => undefined,
      warn: (_: string, details: unknown) => void warnings.push(details),
      error: () => undefined,
    };
    tree = createOutputTree(join(root, "output"), objects, log);
    showOutputs = async (...keys) => {
      for (const key of keys)
        await objects.write({ bucket: "output", key }, { text: key }, { contentType: "text/plain" });
      await tree.link("output", keys);
    };
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const listTree = async () =>
    (await readdir(join(root, "output"), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(join(root, "output"), join(parentPath, name)))
      .sort();

  it("holds a key and keys below it, in any order", async () => {
    await showOutputs("a", "a/b", "c/d", "c", "a/b/e");
    expect(await listTree()).to.deep.equal(["a%", "a/b%", "a/b/e", "c%", "c/d"]);
    for (const key of ["a", "a/b", "a/b/e", "c", "c/d"])
      expect(await readFile(tree.resolvePath(key), "utf8")).to.equal(key);
    await showOutputs("a", "a/b", "c");
    expect(await listTree()).to.have.length(5);
    expect(warnings).to.deep.equal([]);
  });

  it("shortens long names uniquely", async () => {
    const keys = [
      `${longName}/${longName}.mp4`,
      `${longName}/${longName}1.mp4`,
      `${"日".repeat(85)}.mp4`,
      `${"%".repeat(254)}.png`,
    ];
    await showOutputs(...keys);
    expect(warnings).to.deep.equal([]);
    for (const key of keys) {
      expect(await readFile(tree.resolvePath(key), "utf8")).to.equal(key);
      expect(tree.resolvePath(key)).to.match(/\.(mp4|png)$/);
    }
    expect(await listTree()).to.have.length(4);
  });

  it("reports an output that cannot be linked, and links the others", async () => {
    await mkdir(join(root, "output/a.png"), { recursive: true });
    await mkdir(join(root, "output/a.png%"));
    await showOutputs("a.png", "b.png");
    expect(await listTree()).to.deep.equal(["b.png"]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include({ key: "a.png" });
  });

  it("gives every key a unique, valid path below the root", () => {
    const segment = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.constantFrom(".", "..", "", "-rf", " ", "%", "a%", "CON", longName, `${longName}x`),
    );
    const anyKey = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
    fc.assert(
      fc.property(anyKey, anyKey, (one, two) => {
        for (const name of toTreePath(one).split("/")) {
          expect(Buffer.byteLength(name)).to.be.within(1, 254);
          expect(name).to.not.equal(".").and.to.not.equal("..");
          expect(name).to.not.match(/[\\:*?"<>|\p{Cc}]/u);
        }
        expect(toTreePath(one) === toTreePath(two)).to.equal(one === two);
      }),
      { numRuns: 300 },
    );
  });
});
