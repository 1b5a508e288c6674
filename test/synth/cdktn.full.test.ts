import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { createClone } from "./clone.ts";

type Tree = ReadonlyMap<string, Buffer>;

const readVersion = async (name: string): Promise<string> =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"))).version;

const plain = z.record(z.string(), z.unknown());

/** The paths at which two JSON documents differ, and both values. */
const differences = (
  one: unknown,
  other: unknown,
  path = "",
): [path: string, one: unknown, other: unknown][] => {
  const [withCdktf, withCdktn] = [plain.safeParse(one), plain.safeParse(other)];
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((value, index) => differences(value, other[index], `${path}/${index}`));
  if (withCdktf.success && withCdktn.success)
    return [...new Set([...Object.keys(withCdktf.data), ...Object.keys(withCdktn.data)])].flatMap((key) =>
      differences(withCdktf.data[key], withCdktn.data[key], `${path}/${key}`),
    );
  return one === other ? [] : [[path, one, other]];
};

describe("CDK Terrain in place of CDKTF", () => {
  let folder: string;
  let cdktf: Tree;
  let cdktn: Tree;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-cdktn-"));
    const options = { filesFrom: new Date("2025-01-01"), clockMs: 0, timeZone: "UTC", umask: "022" };
    const before = await createClone(join(folder, "before"), options);
    const after = await createClone(join(folder, "after"), { ...options, replaced: { cdktf: "cdktn" } });
    [cdktf, cdktn] = (await Promise.all([before, after].map((clone) => clone.synth()))) as [Tree, Tree];
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("writes the same files", () => {
    expect([...cdktf.keys()].filter((path) => path.endsWith("cdk.tf.json"))).to.have.length.above(6);
    expect([...cdktn.keys()]).to.deep.equal([...cdktf.keys()]);
  });

  it("writes the same stacks except for the version stamp", async () => {
    const [old, fork] = [await readVersion("cdktf"), await readVersion("cdktn")];
    const documents = [...cdktf.keys()].filter((path) => path.endsWith(".json"));

    for (const path of documents)
      expect(
        differences(JSON.parse(`${cdktf.get(path)}`), JSON.parse(`${cdktn.get(path)}`)),
        path,
      ).to.deep.equal([[path === "manifest.json" ? "/version" : "////metadata/version", old, fork]]);
  });

  it("writes the same function packages", () => {
    const assets = [...cdktf].filter(([path]) => !path.endsWith(".json"));

    expect(assets).to.have.length.above(6);
    for (const [path, bytes] of assets) expect(cdktn.get(path)?.equals(bytes), path).to.equal(true);
  });

  it("matches the guide's install instructions", async () => {
    const guide = await readFile("docs/cdktn.md", "utf8");
    const aliasLine = `"cdktf": "npm:cdktn@${await readVersion("cdktn")}"`;

    expect(guide).to.include(aliasLine);
  });
});
