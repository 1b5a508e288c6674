import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** A file younger than this may still be written: its bundle is not cached. */
const freshMs = 25;

/** Prints its configuration, a package's text and the location of one of its modules. */
const app = `import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { place } from "./modules/place.ts";
const { default: configuration } = await import(pathToFileURL(resolve(process.env.REELWAY_CONFIG ?? "reelway.config.ts")).href);
const { Token } = await import("cdktf");
console.log(JSON.stringify({ configuration, place, cdktf: typeof Token }));
`;

describe("the app started from its bundle", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-app-"));
    await cp(join(repository, "build"), join(root, "build"), { recursive: true });
    for (const name of ["package.json", "synth.js"]) await cp(join(repository, name), join(root, name));
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    await cp(join(repository, "tsconfig.json"), join(root, "tsconfig.json"));
    await write("main.ts", app);
    await mkdir(join(root, "modules"));
    await write("modules/place.ts", "export const place: string = import.meta.url;\n");
    await write("reelway.config.ts", "export default { stage: 'one' as string };\n");
    await setTimeout(freshMs);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => writeFile(join(root, path), text);
  const synth = async (
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ["synth.js"], {
      cwd: root,
      env: { ...process.env, ...env },
    });
  const runSynth = (stage: string) =>
    `${JSON.stringify({
      configuration: { stage },
      place: new URL("modules/place.ts", `file://${root}/`).href,
      cdktf: "function",
    })}\n`;
  /** Disables both tsx and the bundler. */
  const withoutEsbuild = { ESBUILD_BINARY_PATH: process.execPath };

  it("produces the same output as main.ts, at first and from the cache", async () => {
    expect(await synth()).to.deep.equal({ stdout: runSynth("one"), stderr: "" });
    expect(await synth(withoutEsbuild)).to.deep.equal({ stdout: runSynth("one"), stderr: "" });
  });

  it("follows the configuration and a change of the configuration file", async () => {
    await synth();
    await write("reelway.config.ts", "export default { stage: 'two' as string };\n");
    await write("other.config.ts", "export default { stage: 'other' as string };\n");

    expect((await synth()).stdout).to.equal(runSynth("two"));
    expect((await synth({ REELWAY_CONFIG: "other.config.ts" })).stdout).to.equal(runSynth("other"));
    expect((await synth()).stdout).to.equal(runSynth("two"));
  });

  it("rebuilds a damaged bundle", async () => {
    await synth();
    const folder = join(root, ".reelway/bundles");
    const name = (await readdir(folder)).find((one) => one.endsWith(".app.mjs"));
    const path = join(folder, `${name}`);
    const original = await readFile(path, "utf8");
    await writeFile(path, original.slice(0, 100));

    expect((await synth()).stdout).to.equal(runSynth("one"));
    expect(await readFile(path, "utf8")).to.equal(original);
  });

  it("runs main.ts itself if no bundle can be cached", async () => {
    await write(".reelway", "a file where the folder should be");

    const { stdout, stderr } = await synth();

    expect(stdout).to.equal(runSynth("one"));
    expect(stderr).to.match(
      /^Could not bundle the app; synthesising without a bundle\. .*\.reelway\/bundles is not writable/,
    );
  });

  it("names the file and line of a configuration that is not valid TypeScript", async () => {
    await write("reelway.config.ts", "export default {\n  stage: ,\n};\n");

    const { stderr } = await synth().catch((failed: { stderr: string }) => failed);

    expect(stderr).to.match(/reelway\.config\.ts:2:9/);
  });
});
