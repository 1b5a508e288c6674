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
 * Starts the worker with V8's code cache, which saves 90 ms. The build writes a cache of what a start without a job compiles,
 * half of it. The first worker that completes a job replaces it, and so does one whose cache is not valid, e.g. with
 * another version of Node.js. Node.js 22 has such a cache of its own (`module.enableCompileCache`), Node.js 20 does not.
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
  const hash = createHash("sha256").update(source).digest("hex").slice(0, 32);
  const jobCacheName = `${hash}.job.cache`;
  const startCacheName = `${hash}.start.cache`;
  const jobCache = readCache(join(cacheFolder, jobCacheName));
  const cachedData = jobCache ?? readCache(join(cacheFolder, startCacheName));
  // The function has a line of its own, so that positions are those in the file.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {\n${source}\n})`, {
    filename: program,
    lineOffset: -1,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const isValid = cachedData !== undefined && script.cachedDataRejected !== true;
  if (isValid && jobCache !== undefined) return script;
  process.once("exit", (code) => {
    if (process.uptime() > maxWriterAgeSeconds) return;
    if (code === 0) writeCache(jobCacheName, script.createCachedData());
    else if (!isValid) writeCache(startCacheName, script.createCachedData());
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
