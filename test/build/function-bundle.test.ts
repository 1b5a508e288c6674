import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { bundleFunctions, embedConfiguration, type FunctionFiles } from "../../build/function-bundle.ts";

/** A package with one function, which prints its configuration and uses another package. */
const sources = {
  "package.json": JSON.stringify({ name: "project", type: "module" }),
  "lambdas/hello/index.ts": [
    'import { greeting } from "greetings";',
    'import { mark } from "./mark.ts";',
    'export const handler = (): string => [greeting, process.env.CONFIGURATION, mark].join(" ");',
    "export const fail = (): never => {",
    '  throw new Error("on purpose");',
    "};",
  ].join("\n"),
  "lambdas/hello/mark.ts": 'export const mark = "one";\n',
  "node_modules/greetings/package.json": JSON.stringify({ name: "greetings", version: "1.0.0" }),
  "node_modules/greetings/index.js": 'exports.greeting = "Hello";\n',
};

describe("bundleFunctions", () => {
  let folder: string;
  let root: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-function-"));
    root = join(folder, "package");
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const bundleHello = async (folderOfPackage: string): Promise<FunctionFiles> => {
    const { hello } = await bundleFunctions(["hello"], folderOfPackage);
    if (hello === undefined) throw new Error("There is no bundle of hello.");
    return hello;
  };
  /** Runs code with a bundle, `hello`, and returns what it prints. */
  const run = async (files: FunctionFiles, program = "console.log(hello.handler())") => {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--enable-source-maps",
      "-e",
      `const hello=require(${JSON.stringify(join(folder, "index.js"))});${program}`,
    ]);
    return stdout.trimEnd();
  };

  it("has a place for a configuration of any characters", async () => {
    const configuration = JSON.stringify({ quotes: "\"'`", dollars: "$& $1 $$", lines: "\n\u2028", é: "ü" });

    const files = embedConfiguration(await bundleHello(root), configuration);

    expect(await run(files)).to.equal(`Hello ${configuration} one`);
  });

  it("creates the same bytes in another folder", async () => {
    const other = join(folder, "elsewhere", "by another name");
    await cp(root, other, { recursive: true });

    expect(await bundleHello(other)).to.deep.equal(await bundleHello(root));
  });

  it("maps the minified program to the line that failed", async () => {
    const files = embedConfiguration(await bundleHello(root), "a longer text than the placeholder's");

    const trace = await run(files, "try { hello.fail() } catch (error) { console.log(error.stack) }");

    expect(trace).to.match(/lambdas\/hello\/index\.ts:5:9/);
  });

  it("names files relative to the package in its source map, without their text", async () => {
    const { "index.js.map": map } = await bundleHello(root);

    const { sources: paths, sourcesContent } = z
      .looseObject({ sources: z.array(z.string()), sourcesContent: z.unknown().optional() })
      .parse(JSON.parse(map.toString()));
    expect(paths).to.have.members(["lambdas/hello/index.ts", "node_modules/greetings/index.js"]);
    expect(sourcesContent).to.equal(undefined);
  });

  it("names the file and line that esbuild rejects", async () => {
    await writeFile(join(root, "lambdas/hello/mark.ts"), "export const mark = ;\n");

    const failure = await bundleHello(root).then(() => "bundled", String);

    expect(failure).to.match(/lambdas\/hello\/mark\.ts:1:/);
  });
});
