import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build, type Metafile } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles the command with packages left out and one chunk per dynamic import. */
const bundleCommand = async (): Promise<Metafile["outputs"]> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["./cli/reelway.ts"],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "out",
    write: false,
    metafile: true,
  });
  return metafile.outputs;
};

/** Lists the packages that are loaded with a source file, without dynamic imports and Node.js's own modules. */
const listPackages = (outputs: Metafile["outputs"], file: string): readonly string[] => {
  const chunk = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === file);
  if (chunk === undefined) throw new Error(`${file} is no entry point`);
  const chunks = new Set([chunk]);
  const packages = new Set<string>();
  for (const path of chunks)
    for (const { kind, path: imported, external } of outputs[path]?.imports ?? [])
      if (kind !== "dynamic-import") (external ? packages : chunks).add(imported);
  return [...packages].filter((name) => !name.startsWith("node:")).sort();
};

describe("the start of a command", () => {
  let outputs: Metafile["outputs"];
  before(async () => {
    outputs = await bundleCommand();
  });

  it("loads only commander for --help", () => {
    expect(listPackages(outputs, "cli/reelway.ts")).to.deep.equal(["commander"]);
  });

  for (const command of ["upload", "jobs", "job", "cancel", "retry"])
    it(`loads only zod and string-width for ${command}, which calls a running runtime`, () => {
      const packages = listPackages(outputs, `cli/actions/${command}.ts`);
      expect(packages).to.include("zod");
      expect(packages.filter((name) => !/^(zod|string-width)(\/|$)/.test(name))).to.deep.equal([]);
    });
});
