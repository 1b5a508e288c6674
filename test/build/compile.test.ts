import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import {
  imageProgram,
  packageDirectory,
  watcherProgram,
  workerDirectory,
  workerProgram,
} from "../../build/package-directory.ts";

describe("the compiled package", () => {
  it("has a module for each source file, and no other", async () => {
    const compiled = join(packageDirectory, "dist/pipeline");
    const list = async (folder: string) =>
      (await readdir(folder, { recursive: true }))
        .filter((path) => /(?<!\.d)\.(ts|js|json)$/.test(path))
        .sort();
    const sources = (await list(join(packageDirectory, "pipeline"))).map((path) =>
      path.replace(/\.ts$/, ".js"),
    );
    expect(await list(compiled)).to.deep.equal(sources.sort());
  });

  it("imports neighbours by their compiled names, and packages as they are", async () => {
    const text = await readFile(join(packageDirectory, "dist/pipeline/configuration/schema.js"), "utf8");
    expect(text)
      .to.match(/from "zod"/)
      .and.to.match(/from "\.\.?\/.*\.js"/);
    expect(text).to.not.match(/from "\..*\.ts"/);
  });

  it("has the programs of the worker's image in one file each, with what their image is built from", async () => {
    expect((await readdir(workerDirectory)).sort()).to.deep.equal([
      "Dockerfile",
      "image.cjs",
      "image.cjs.map",
      "package-lock.json",
      "package.json",
      "start.cjs",
      "start.cjs.map",
      "watcher.cjs",
      "watcher.cjs.map",
      "worker.cjs",
      "worker.cjs.map",
    ]);
    expect((await stat(workerProgram)).size).to.be.within(500_000, 1_500_000);
    expect((await stat(imageProgram)).size).to.be.within(10_000, 100_000);
    expect((await stat(watcherProgram)).size).to.be.within(500_000, 2_500_000);
  });
});
