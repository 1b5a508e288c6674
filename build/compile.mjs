// Compiles the package into dist/: each TypeScript file to an ES module in the same place, so that modules find each other
// and their assets as in the sources; each Lambda function and the worker to one file; and the page. Files that did not change keep
// their times. Does nothing if no source has changed since the last run.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist");
const stampPath = join(output, ".stamp");
const folders =
  "adapters build cli docker exports lambdas modules pipeline project runtime stacks terraform".split(" ");

const isIn = (extensions) => (path) => extensions.includes(extname(path));
/** Whether a file is read as text at run time: JSON, or the code of a CloudFront Function. */
const isAsset = (path) =>
  isIn([".json"])(path) || dirname(path) === join(root, "modules/cloudfront-functions");
const listFiles = async (folder) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Imports of neighbors, as esbuild prints them. They have to name the compiled file. */
const neighborImport = /((?:\bfrom |\bimport |\bimport\()"\.\.?\/[^"]+)\.ts"/g;

/** Sizes and times of the sources, and of the packages that the worker and the functions contain. */
const describeSources = async (paths) =>
  (
    await Promise.all(
      paths.map(async (path) => {
        const { size, mtimeMs } = await stat(path).catch(() => ({ size: -1, mtimeMs: 0 }));
        return `${relative(root, path)} ${size} ${mtimeMs}`;
      }),
    )
  ).join("\n");

/** The files of this version. */
const written = new Set();
/** Atomic, because a task may start the worker at any moment. */
const writeOutput = async (path, bytes) => {
  written.add(path);
  const previous = await readFile(path).catch(() => undefined);
  if (previous?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporaryPath = `${path}.${randomUUID()}.part`;
  await writeFile(temporaryPath, bytes);
  await rename(temporaryPath, path);
};
/** Removes what an earlier version wrote. Declarations are written by `npm pack` and belong to a module. */
const removeOthers = async () => {
  // Another process may be about to rename its file.
  for (const path of await listFiles(output))
    if (!written.has(path.replace(/\.d\.ts$/, ".js")) && !path.endsWith(".part"))
      await rm(path, { force: true });
};

const compile = async (sources) => {
  const modules = sources.filter(isIn([".ts"]));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: modules,
    outdir: output,
    outbase: root,
    write: false,
    platform: "node",
    target: "node20.19",
    format: "esm",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "silent",
  });
  await Promise.all(
    outputFiles.map(({ path, text }) =>
      writeOutput(path, Buffer.from(path.endsWith(".js") ? text.replaceAll(neighborImport, '$1.js"') : text)),
    ),
  );
  for (const path of sources.filter(isAsset))
    await writeOutput(join(output, relative(root, path)), await readFile(path));
};

const compileWorker = async () => {
  const { bundlePrograms } = await import(pathToFileURL(join(output, "build/bundle.js")).href);
  const { files } = await bundlePrograms(
    {
      worker: "docker/ffmpeg/worker.ts",
      start: "docker/ffmpeg/start.ts",
      image: "docker/ffmpeg/image/main.ts",
      watcher: "docker/ffmpeg/highlights/watcher.ts",
    },
    { external: ["sharp"] },
  );
  const { buildWorkerPackages } = await import(pathToFileURL(join(output, "build/worker-packages.js")).href);
  const contextFiles = {
    ...files,
    ...(await buildWorkerPackages()),
    Dockerfile: await readFile(join(root, "docker/ffmpeg/Dockerfile")),
  };
  for (const [file, bytes] of Object.entries(contextFiles))
    await writeOutput(join(output, "worker", file), bytes);
};

/** Starts the worker once. It ends at once, because it has no job, and writes the cache of its code. */
const writeCodeCache = async () => {
  const child = spawn(process.execPath, [join(output, "worker/start.cjs")], {
    env: { NODE_OPTIONS: "--max-semi-space-size=1" },
    stdio: "ignore",
  });
  await once(child, "exit");
};

const compileFunctions = async () => {
  const { bundleFunctions } = await import(pathToFileURL(join(output, "build/function-bundle.js")).href);
  // A folder without a handler is a function that only the one-machine runtime has.
  const handlers = sources.filter((path) => /^lambdas\/[^/]+\/index\.ts$/.test(relative(root, path)));
  const functions = await bundleFunctions(handlers.map((path) => basename(dirname(path))));
  for (const [name, files] of Object.entries(functions))
    for (const [file, bytes] of Object.entries(files))
      await writeOutput(join(output, "functions", name, file), bytes);
};

const compilePage = async () => {
  const url = (name) => pathToFileURL(join(output, "build", name)).href;
  const [{ bundlePage }, { pageManifestPath }] = [
    await import(url("page-bundle.js")),
    await import(url("page-files.js")),
  ];
  const { files, manifest } = await bundlePage();
  for (const [path, bytes] of Object.entries(files)) await writeOutput(join(output, "web", path), bytes);
  await writeOutput(pageManifestPath, Buffer.from(JSON.stringify(manifest)));
};

const sources = (await Promise.all(folders.map((folder) => listFiles(join(root, folder))))).flat().sort();
const packages = join(root, "node_modules/.package-lock.json");
const page = await listFiles(join(root, "web"));
const stamp = await describeSources([...sources, ...page.sort(), packages]);
if ((await readFile(stampPath, "utf8").catch(() => "")) !== stamp) {
  await rm(stampPath, { force: true });
  await compile(sources);
  await Promise.all([compileFunctions(), compileWorker(), compilePage()]);
  await removeOthers();
  await writeCodeCache();
  await writeFile(stampPath, stamp);
}
