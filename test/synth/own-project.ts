import { execFile } from "node:child_process";
import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageDirectory } from "../../build/package-directory.ts";
import { bin } from "../e2e/program.ts";
import { makeInstalledFolder } from "../project/installed-folder.ts";
import { parseStack } from "./synthesize.ts";

/** No route makes thumbnails. */
const configuration = `import { defineConfig } from "reelway";
export default defineConfig({
  project: "lectures",
  stages: { dev: { inputBucket: "lectures-in", outputBucket: "lectures-out", region: "eu-central-1" } },
  routes: [{ name: "ladder", extensions: ["mp4"], engine: "ffmpeg", recipe: { name: "ladder" }, outputs: ["output/{path}{name}.{ext}/"] }],
});
`;

/** Creates a project of one stage, `dev`, with this package installed. */
export const createOwnProject = async () => {
  const { parent, folder } = await makeInstalledFolder("lectures");
  for (const name of ["cdktf", "constructs", "@cdktf"])
    await symlink(join(packageDirectory, "node_modules", name), join(folder, "node_modules", name));
  await writeFile(join(folder, "reelway.config.ts"), configuration);
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder });
  await run("init");
  return {
    run,
    /** Synthesizes an app, the text of its `main.ts`. Returns what the command prints. */
    async synth(main: string): Promise<string> {
      await writeFile(join(folder, "main.ts"), main);
      return (await run("synth")).stdout;
    },
    getStackFolder: (name: string) => join(folder, "cdktf.out/stacks", name),
    readManifest: () => readFile(join(folder, "cdktf.out/manifest.json"), "utf8"),
    readStack: async (name: string) =>
      parseStack(await readFile(join(folder, "cdktf.out/stacks", name, "cdk.tf.json"), "utf8")),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
};
/** A project in a folder of its own. */
export type OwnProject = Awaited<ReturnType<typeof createOwnProject>>;

/** The app of `examples/own-stack`. */
export const readExampleApp = (): Promise<string> =>
  readFile(join(packageDirectory, "examples/own-stack/main.ts"), "utf8");
