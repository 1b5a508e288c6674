import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createClone } from "./clone.ts";

type Tree = ReadonlyMap<string, Buffer>;

const yearMs = 365 * 24 * 3600 * 1000;

describe("Two synths from two clones at two times", () => {
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
    trees["main.ts, nothing bundled"] = await one.synth("--import", "tsx", "main.ts");
    trees["main.ts, bundles kept"] = await one.synth("--import", "tsx", "main.ts");
    trees["bundle of the app, nothing bundled"] = await other.synth("synth.js");
    trees["bundle of the app, bundles kept"] = await other.synth("synth.js");
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const entries = () => Object.entries(trees);

  it("write the same files, byte for byte", () => {
    const [[, first] = ["", new Map()], ...others] = entries();

    expect(others).to.have.length(3);
    for (const [what, tree] of others) {
      expect([...tree.keys()], what).to.deep.equal([...first.keys()]);
      expect(
        [...tree].filter(([path, bytes]) => first.get(path)?.equals(bytes) !== true).map(([path]) => path),
        what,
      ).to.deep.equal([]);
    }
  });

  it("write stacks and packages of functions", () => {
    const [[, first] = ["", new Map()]] = entries();
    const names = [...first.keys()];

    expect(names.filter((name) => name.endsWith("cdk.tf.json"))).to.have.length.above(6);
    expect(names.filter((name) => name.endsWith(".zip"))).to.have.length.above(6);
  });

  it("name no place of the machine they ran on", () => {
    for (const [what, tree] of entries())
      for (const [path, bytes] of tree)
        for (const place of [folder, process.cwd(), tmpdir()])
          expect(bytes.includes(`${place}/`), `${what}: ${path} holds ${place}`).to.equal(false);
  });
});
