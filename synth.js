// Synthesises as main.ts does, from a bundle of it and of the configuration: compiling and loading their files one by
// one at each synth takes twice the time and half as much memory again. The files' sizes and times tell whether the
// bundle is theirs; where they differ, app-program.ts looks closer.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const directory = join(root, ".reelway", "bundles");
const configuration = resolve(process.env.REELWAY_CONFIG || "reelway.config.ts");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const key = `app.${sha256(configuration).slice(0, 16)}`;

const isUnchanged = ({ path, bytes, modifiedMs, changedMs }) => {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return bytes < 0;
  return found.size === bytes && found.mtimeMs === modifiedMs && found.ctimeMs === changedMs;
};

/** Paths by name, of bundles that are whole and of the files as they are. */
const readCachedProgram = () => {
  try {
    const { inputs, outputs } = JSON.parse(readFileSync(join(directory, `${key}.json`), "utf8"));
    if (!inputs.every(isUnchanged)) return undefined;
    return Object.fromEntries(
      Object.entries(outputs).map(([name, hash]) => {
        const path = join(directory, `${hash}.${name}`);
        if (sha256(readFileSync(path)) !== hash) throw new Error(`${path} is damaged.`);
        return [name, path];
      }),
    );
  } catch {
    return undefined;
  }
};

/** @returns undefined where the app cannot be bundled: main.ts, compiled as it is loaded, then says why or does without */
const bundleProgram = async () => {
  const { register } = await import("tsx/esm/api");
  register();
  const { bundleApp } = await import("./build/app-bundle.ts");
  return bundleApp({ root, configuration, directory, key }).catch((cause) => {
    process.stderr.write(`Synthesising without a bundle of the app. ${cause.message}\n`);
  });
};

const program = readCachedProgram() ?? (await bundleProgram());
if (program === undefined) await import("./main.ts");
else {
  process.env.REELWAY_CONFIG = program["configuration.mjs"];
  try {
    await import(pathToFileURL(program["app.mjs"]).href);
  } catch (cause) {
    process.stderr.write("The lines below are the bundle's; for the source's: node --import tsx main.ts\n");
    throw cause;
  }
}
