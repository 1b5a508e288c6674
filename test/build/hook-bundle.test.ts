import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { bundleFunctionWithHook, embedConfiguration } from "../../build/function-bundle.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { invocationContext } from "../lambdas/invocation-context.ts";

const hookPath = "./hooks/on-job-finished.ts";
/** A project with a hook, which imports a neighbor and a package of the project. */
const sources = {
  "package.json": JSON.stringify({ name: "project", type: "module" }),
  [hookPath]: [
    'import { describe } from "catalog";',
    'import type { OnJobFinished } from "reelway/handlers";',
    'import { mark } from "./mark.ts";',
    "export const onJobFinished: OnJobFinished = async ({ id, status }) => {",
    "  console.log([describe(status), mark, id].join());",
    "};",
  ].join("\n"),
  "hooks/mark.ts": 'export const mark: string = "one";\n',
  "node_modules/catalog/package.json": JSON.stringify({ name: "catalog", version: "1.0.0" }),
  "node_modules/catalog/index.js": 'exports.describe = (status) => "finished as " + status;\n',
};
const message = {
  id: "a".repeat(52),
  attempt: 1,
  status: "Complete",
  source: { bucket: "in", key: "a.mp4" },
  outputs: [],
};

describe("bundleFunctionWithHook", () => {
  let folder: string;
  let project: string;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-hook-"));
    project = join(folder, "project");
    for (const [path, text] of Object.entries(sources)) await write(path, text);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const bundle = () => bundleFunctionWithHook("on-job-finished", { project, path: hookPath });
  const reject = async (text: string): Promise<string> => {
    await write(hookPath, text);
    return bundle().then(() => "bundled", String);
  };
  /** Calls the bundled function with a message of a finished job, and returns the lines that it prints. */
  const invoke = async (): Promise<readonly string[]> => {
    const files = embedConfiguration(await bundle(), "{}");
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const event = { Records: [{ eventSource: "aws:sqs", messageId: "m", body: JSON.stringify(message) }] };
    const program = `require(${JSON.stringify(join(folder, "index.js"))})
      .handler(${JSON.stringify(event)}, ${JSON.stringify(invocationContext)})
      .then((response) => console.log(JSON.stringify(response)));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], {
      env: { STAGE: "reelway-dev", AWS_REGION: "us-east-1" },
    });
    return stdout
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes('"level"'));
  };

  it("calls the hook, with the packages of the project", async () => {
    expect(await invoke()).to.deep.equal([
      `finished as Complete,one,${message.id}`,
      '{"batchItemFailures":[]}',
    ]);
  });

  it("follows a change of a file that the hook imports", async () => {
    await bundle();
    await write("hooks/mark.ts", 'export const mark: string = "another";\n');

    expect((await invoke())[0]).to.equal(`finished as Complete,another,${message.id}`);
  });

  it("creates the same bytes in another folder with an installed package", async () => {
    const install = async (root: string) => {
      await mkdir(join(root, "node_modules/reelway"), { recursive: true });
      for (const name of [
        "package.json",
        ...["adapters", "build", "lambdas", "pipeline"].map((one) => `dist/${one}`),
      ])
        await cp(join(packageDirectory, name), join(root, "node_modules/reelway", name), {
          recursive: true,
          preserveTimestamps: true,
        });
      for (const name of await readdir(join(packageDirectory, "node_modules")))
        if (!["reelway", "catalog"].includes(name))
          await symlink(join(packageDirectory, "node_modules", name), join(root, "node_modules", name));
      const module = join(root, "node_modules/reelway/dist/build/function-bundle.js");
      const program = `const { bundleFunctionWithHook } = await import(${JSON.stringify(module)});
        const { createHash } = await import("node:crypto");
        const files = await bundleFunctionWithHook("on-job-finished", { project: ".", path: ${JSON.stringify(hookPath)} });
        for (const bytes of Object.values(files)) console.log(createHash("sha256").update(bytes).digest("hex"));`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
        cwd: root,
      });
      return stdout;
    };
    const other = join(folder, "elsewhere", "by another name");
    await cp(project, other, { recursive: true });

    const hashes = await install(project);
    expect(hashes.trim().split("\n")).to.have.length(2);
    expect(await install(other)).to.equal(hashes);
  });

  it("needs no esbuild while no file has changed", async () => {
    const module = join(packageDirectory, "dist/build/function-bundle.js");
    const program = `const { bundleFunctionWithHook } = await import(${JSON.stringify(module)});
      const files = await bundleFunctionWithHook("on-job-finished", ${JSON.stringify({ project, path: hookPath })});
      console.log(Object.keys(files).join());`;
    const bundleWithoutEsbuild = () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
        env: { ...process.env, ESBUILD_BINARY_PATH: process.execPath },
      }).then(({ stdout }) => stdout.trimEnd(), String);
    expect(await bundleWithoutEsbuild()).to.include("The service was stopped");

    // Meanwhile the files are old enough to be cached.
    await bundle();

    expect(await bundleWithoutEsbuild()).to.equal("index.js,index.js.map");
  });

  it("names the file and line of a syntax error, and a missing export", async () => {
    expect(await reject("export const onJobFinished = ;\n")).to.match(
      /hooks\/on-job-finished\.ts:1:29: ERROR: /,
    );
    expect(await reject("export const onOutput = async () => undefined;\n")).to.include(
      'No matching export in "hooks/on-job-finished.ts" for import "onJobFinished"',
    );
    expect(await reject("module.exports = {};\n")).to.include("it has no export statement");
    expect(await reject("")).to.include("it has no export statement");
  });
});
