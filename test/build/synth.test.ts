import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What was written less than this ago may still be being written: no bundle of it is kept. */
const freshMs = 25;

/** Prints its configuration, what a package says, and where a module of its own lies. */
const app = `import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { place } from "./modules/place.ts";
const { default: configuration } = await import(pathToFileURL(resolve(process.env.REELWAY_CONFIG ?? "reelway.config.ts")).href);
const { Token } = await import("cdktf");
console.log(JSON.stringify({ configuration, place, cdktf: typeof Token }));
`;

describe("The app started from its bundle", () => {
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
  const says = (stage: string) =>
    `${JSON.stringify({
      configuration: { stage },
      place: new URL("modules/place.ts", `file://${root}/`).href,
      cdktf: "function",
    })}\n`;
  /** Neither tsx nor the bundler can do anything. */
  const withoutEsbuild = { ESBUILD_BINARY_PATH: process.execPath };

  it("does what main.ts does, at first and from the bundle that is kept", async () => {
    expect(await synth()).to.deep.equal({ stdout: says("one"), stderr: "" });
    expect(await synth(withoutEsbuild)).to.deep.equal({ stdout: says("one"), stderr: "" });
  });

  it("follows the configuration, and the choice of another", async () => {
    await synth();
    await write("reelway.config.ts", "export default { stage: 'two' as string };\n");
    await write("other.config.ts", "export default { stage: 'other' as string };\n");

    expect((await synth()).stdout).to.equal(says("two"));
    expect((await synth({ REELWAY_CONFIG: "other.config.ts" })).stdout).to.equal(says("other"));
    expect((await synth()).stdout).to.equal(says("two"));
  });

  it("bundles anew what is damaged", async () => {
    await synth();
    const folder = join(root, ".reelway/bundles");
    const name = (await readdir(folder)).find((one) => one.endsWith(".app.mjs"));
    const path = join(folder, `${name}`);
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(0, 100));

    expect((await synth()).stdout).to.equal(says("one"));
    expect(await readFile(path, "utf8")).to.equal(whole);
  });

  it("runs main.ts itself where no bundle can be kept", async () => {
    await write(".reelway", "a file where the folder should be");

    const { stdout, stderr } = await synth();

    expect(stdout).to.equal(says("one"));
    expect(stderr).to.match(
      /^Could not bundle the app; synthesising without a bundle\. .*\.reelway\/bundles is not writable/,
    );
  });

  it("names the file and line of a configuration that is no TypeScript", async () => {
    await write("reelway.config.ts", "export default {\n  stage: ,\n};\n");

    const { stderr } = await synth().catch((failed: { stderr: string }) => failed);

    expect(stderr).to.match(/reelway\.config\.ts:2:9/);
  });
});
