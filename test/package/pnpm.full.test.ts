import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { unzip } from "../apply/archive.ts";
import { npm, packArchive, run } from "./package-archive.ts";

/** A hook with a package of the team's own. */
const hook = `import { describe } from "catalog";
import type { NewThumbnail } from "reelway/handlers";
export const onOutput = async (thumbnail: NewThumbnail): Promise<void> => {
  console.log(describe(thumbnail.key));
};
`;

describe("a project that pnpm installs", function () {
  this.timeout(300_000);
  let folder: string;
  let project: string;
  const pnpm = (...args: readonly string[]) =>
    run(project, join(folder, "tools/node_modules/.bin/pnpm"), args, {
      XDG_DATA_HOME: join(folder, "data"),
      XDG_CACHE_HOME: join(folder, "cache"),
      XDG_STATE_HOME: join(folder, "state"),
    });
  const write = async (path: string, text: string) => {
    await mkdir(join(project, path, ".."), { recursive: true });
    await writeFile(join(project, path), text);
  };
  const writeCatalog = async (version: string, prefix: string) => {
    await write("catalog/package.json", JSON.stringify({ name: "catalog", version, main: "index.js" }));
    await write("catalog/index.js", `exports.describe = (key) => "${prefix} " + key;\n`);
    await npm(join(project, "catalog"), "pack", "--pack-destination", folder);
    await pnpm("add", join(folder, `catalog-${version}.tgz`));
  };
  /** The code of the function on-output, with the hook. */
  const readFunction = async () => {
    const assets = join(project, "cdktf.out/stacks/dev-routing/assets");
    const paths = await readdir(assets, { recursive: true });
    const archive = paths.find((path) => path.endsWith(".on-output.zip")) ?? "none";
    return unzip(await readFile(join(assets, archive)))
      .get("index.js")
      ?.toString();
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-pnpm-"));
    project = join(folder, "film");
    await mkdir(join(folder, "tools"));
    await mkdir(project);
    const [archive] = await Promise.all([
      packArchive(folder),
      npm(join(folder, "tools"), "install", "--prefix", ".", "pnpm@10.34.9"),
    ]);
    await write("package.json", "{}\n");
    // Packages then find only the packages that they declare.
    await write(".npmrc", "hoist=false\n");
    await pnpm("add", archive.path);
    await pnpm("exec", "reelway", "init", "--yes");
    await writeCatalog("1.0.0", "first");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("has links to packages in folders of their own", async () => {
    expect(await realpath(join(project, "node_modules/reelway"))).to.match(
      /\/film\/node_modules\/\.pnpm\/reelway@[^/]+\/node_modules\/reelway$/,
    );
    expect(await readdir(join(project, "node_modules"))).to.not.include("@aws-sdk");
  });

  it("synthesizes its stacks with a configuration and a hook that use a package of its own, and follows a new version", async () => {
    await write("hooks/on-output.ts", hook);
    const configuration = await readFile(join(project, "reelway.config.ts"), "utf8");
    await write(
      "reelway.config.ts",
      `import { describe } from "catalog";
console.log(describe("configuration"));
${configuration.replace("// hooks:", "hooks:")}`,
    );

    expect(await pnpm("exec", "reelway", "synth")).to.include("first configuration");
    expect(await readFunction()).to.include('"first "');

    await writeCatalog("1.1.0", "second");
    expect(await pnpm("exec", "reelway", "synth")).to.include("second configuration");
    expect(await readFunction())
      .to.include('"second "')
      .and.not.include('"first "');
  });
});
