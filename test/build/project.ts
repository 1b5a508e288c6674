import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { build } from "esbuild";
import { createFunctionBundler, type FunctionFiles } from "../../build/function-bundle.ts";
import { packageDirectory } from "../../build/package-directory.ts";

/** An old time, as a checkout's files have at synth. */
const oldTime = new Date(1_600_000_000_000);

const files = {
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

/** A file younger than this may still be written: its bundle is not cached. */
const freshMs = 25;

/**
 * A project with one function, which prints its configuration and uses one package; and a folder for its
 * bundles.
 */
export const createProject = async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-bundler-"));
  const root = join(folder, "project");
  const cache = join(folder, "bundles");
  /** Sets content and modification time; only the kernel sets the inode's change time. */
  const writeSource = async (path: string, text: string, time: Date = oldTime): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await utimes(join(root, path), time, time);
  };
  /** Waits until written files are older than that. */
  const waitUntilFresh = (): Promise<void> => setTimeout(freshMs);
  await mkdir(root);
  // For the program of bundleWithoutEsbuild alone: the project has its own, which come first.
  await symlink(join(packageDirectory, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) await writeSource(path, text);
  return {
    folder,
    root,
    cache,
    writeSource,
    waitUntilFresh,
    /** Every call bundles like a separate synth. */
    async bundle(configuration = "{}"): Promise<FunctionFiles> {
      await waitUntilFresh();
      return createFunctionBundler({ root, cache }).bundle("hello", configuration);
    },
    /** Bundles in a process that cannot start esbuild, and returns the code. */
    async bundleWithoutEsbuild(): Promise<Buffer> {
      const bundler = join(folder, "bundler.mjs");
      await build({
        entryPoints: [join(packageDirectory, "build/function-bundle.ts")],
        outfile: bundler,
        bundle: true,
        packages: "external",
        platform: "node",
        format: "esm",
      });
      const program = `import { createFunctionBundler } from ${JSON.stringify(bundler)};
        const bundler = createFunctionBundler(${JSON.stringify({ root, cache })});
        process.stdout.write((await bundler.bundle("hello", "{}"))["index.js"]);`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--input-type=module", "-e", program],
        // An executable that does not speak esbuild's protocol.
        { env: { ...process.env, ESBUILD_BINARY_PATH: process.execPath }, encoding: "buffer" },
      );
      return stdout;
    },
    /** Runs code with a bundle, `hello`, and returns what it prints. */
    async run(
      { "index.js": code, "index.js.map": map }: FunctionFiles,
      program = "console.log(hello.handler())",
    ) {
      await writeFile(join(folder, "index.js"), code);
      await writeFile(join(folder, "index.js.map"), map);
      const { stdout } = await promisify(execFile)(process.execPath, [
        "--enable-source-maps",
        "-e",
        `const hello=require(${JSON.stringify(join(folder, "index.js"))});${program}`,
      ]);
      return stdout.trimEnd();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
export type Project = Awaited<ReturnType<typeof createProject>>;
