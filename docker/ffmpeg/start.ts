import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/**
 * Starts the worker with V8's code cache, which saves 50 ms. The build writes the cache. A worker without a valid one, e.g.
 * with another version of Node.js, writes it when it exits. Node.js 22 has such a cache of its own
 * (`module.enableCompileCache`), Node.js 20 does not.
 */
const program = fileURLToPath(new URL("worker.cjs", import.meta.url));
const cacheFolder = join(dirname(program), "../code-cache");

/** Age up to which a worker writes the cache. Later, V8 has discarded the code of the functions that start a job. */
const maxWriterAgeSeconds = 60;

const readCache = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

/** Replaces the caches of all versions. Does nothing if the folder is read-only. */
const writeCache = (name: string, cache: Buffer): void => {
  const temporaryPath = join(cacheFolder, `${randomUUID()}.part`);
  try {
    mkdirSync(cacheFolder, { recursive: true });
    const file = openSync(temporaryPath, "wx");
    try {
      writeSync(file, cache);
      // V8 does not verify the content of a cache.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporaryPath, join(cacheFolder, name));
    for (const other of readdirSync(cacheFolder))
      if (other.endsWith(".cache") && other !== name) rmSync(join(cacheFolder, other), { force: true });
  } catch {
    // The next worker tries it again.
  }
};

const compileProgram = (): Script => {
  const source = readFileSync(program, "utf8");
  // V8 compares only the length of a source with that of its cache.
  const hash = createHash("sha256").update(source).digest("hex");
  const cacheName = `${hash.slice(0, 32)}.cache`;
  const cachedData = readCache(join(cacheFolder, cacheName));
  // The function has a line of its own, so that positions are those in the file.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {\n${source}\n})`, {
    filename: program,
    lineOffset: -1,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true)
    process.once("exit", () => {
      if (process.uptime() < maxWriterAgeSeconds) writeCache(cacheName, script.createCachedData());
    });
  return script;
};

const module = { exports: {} };
compileProgram().runInThisContext()(
  module.exports,
  createRequire(program),
  module,
  program,
  dirname(program),
);
