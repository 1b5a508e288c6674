import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createClone } from "./clone.ts";

type Tree = ReadonlyMap<string, Buffer>;

const yearMs = 365 * 24 * 3600 * 1000;

describe("two synths of two clones at two times", () => {
  let folder: string;
  /** By what was run. */
  const trees: Record<string, Tree> = {};
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-clones-"));
    const one = await createClone(join(folder, "one"), {
      filesFrom: new Date("2024-02-29T12:00:00Z"),
      clockMs: 0,
      timeZone: "Pacific/Kiritimati",
      umask: "022",
    });
    const other = await createClone(join(folder, "quite", "another place"), {
      filesFrom: new Date("2025-07-01T00:00:01Z"),
      clockMs: 5 * yearMs,
      timeZone: "America/St_Johns",
      umask: "077",
    });
    trees["one, nothing bundled"] = await one.synth();
    trees["one, bundles kept"] = await one.synth();
    trees["other, nothing bundled"] = await other.synth();
    trees["other, bundles kept"] = await other.synth();
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const listTrees = () => Object.entries(trees);

  it("write the same files, byte for byte", () => {
    const [[, first] = ["", new Map()], ...others] = listTrees();

    expect(others).to.have.length(3);
    for (const [title, tree] of others) {
      expect([...tree.keys()], title).to.deep.equal([...first.keys()]);
      expect(
        [...tree].filter(([path, bytes]) => first.get(path)?.equals(bytes) !== true).map(([path]) => path),
        title,
      ).to.deep.equal([]);
    }
  });

  it("write stacks and function packages", () => {
    const [[, first] = ["", new Map()]] = listTrees();
    const names = [...first.keys()];

    expect(names.filter((name) => name.endsWith("cdk.tf.json"))).to.have.length.above(6);
    expect(names.filter((name) => name.endsWith(".zip"))).to.have.length.above(6);
  });

  it("contain no path of this machine", () => {
    for (const [title, tree] of listTrees())
      for (const [path, bytes] of tree)
        for (const machinePath of [folder, process.cwd(), tmpdir()])
          expect(bytes.includes(`${machinePath}/`), `${title}: ${path} holds ${machinePath}`).to.equal(false);
  });
});
