// Compiles the package into dist/: each TypeScript file to an ES module in the same place, so that modules find each other
// and their assets as in the sources; and the worker to one file, with its Dockerfile. Files that did not change keep their
// times. Does nothing if no source has changed since the last run.
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist");
const stampPath = join(output, ".stamp");
const folders = "adapters build cli docker lambdas modules pipeline runtime stacks terraform".split(" ");

const isIn = (extensions) => (path) => extensions.includes(extname(path));
const listFiles = async (folder) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Imports of neighbours name the compiled file. Packages are imported as they are. */
const compiledNeighbours = {
  name: "compiled-neighbours",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: path.replace(/\.ts$/, ".js"), external: true },
    ),
};

/** Sizes and times of the sources, and of the packages that the worker contains. */
const describeSources = async (paths) =>
  (
    await Promise.all(
      paths.map(async (path) => {
        const { size, mtimeMs } = await stat(path);
        return `${relative(root, path)} ${size} ${mtimeMs}`;
      }),
    )
  ).join("\n");

const writeIfChanged = async (path, bytes) => {
  const previous = await readFile(path).catch(() => undefined);
  if (previous?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
};

const compile = async (sources) => {
  const modules = sources.filter(isIn([".ts"]));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: modules,
    outdir: output,
    outbase: root,
    bundle: true,
    write: false,
    packages: "external",
    platform: "node",
    target: "node20.19",
    format: "esm",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [compiledNeighbours],
  });
  const kept = new Set(outputFiles.map(({ path }) => path));
  await Promise.all(outputFiles.map(({ path, contents }) => writeIfChanged(path, Buffer.from(contents))));
  for (const path of sources.filter(isIn([".json"]))) {
    const copy = join(output, relative(root, path));
    kept.add(copy);
    await writeIfChanged(copy, await readFile(path));
  }
  for (const path of await listFiles(output))
    if (!kept.has(path) && !path.startsWith(join(output, "worker/"))) await rm(path);
};

const compileWorker = async () => {
  const { bundleProgram } = await import(pathToFileURL(join(output, "build/bundle.js")).href);
  await mkdir(join(output, "worker"), { recursive: true });
  await bundleProgram({ entry: "docker/ffmpeg/worker.ts", outfile: join(output, "worker/worker.cjs") });
  await copyFile(join(root, "docker/ffmpeg/Dockerfile"), join(output, "worker/Dockerfile"));
};

const sources = (await Promise.all(folders.map((folder) => listFiles(join(root, folder))))).flat().sort();
const packages = join(root, "node_modules/.package-lock.json");
const stamp = await describeSources([...sources, join(root, "main.ts"), packages]);
if ((await readFile(stampPath, "utf8").catch(() => "")) !== stamp) {
  await rm(stampPath, { force: true });
  await compile([...sources, join(root, "main.ts")]);
  await compileWorker();
  await writeFile(stampPath, stamp);
}
