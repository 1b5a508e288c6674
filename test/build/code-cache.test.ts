import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packageDirectory, startProgram, workerProgram } from "../../build/package-directory.ts";

describe("the code cache of the worker", () => {
  let folder: string;
  const cachePath = async (): Promise<string> => {
    const names = await readdir(join(folder, "code-cache"));
    expect(names).to.have.length(1);
    return join(folder, "code-cache", names[0] ?? "");
  };
  /** Starts the worker without a job, and returns its exit code. */
  const start = (options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<unknown> =>
    new Promise((resolve) => {
      const program = join(folder, "worker/start.cjs");
      execFile(process.execPath, [...options, program], { env }, (error) => resolve(error?.code ?? 0));
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-code-cache-"));
    await cp(startProgram, join(folder, "worker/start.cjs"));
    await cp(workerProgram, join(folder, "worker/worker.cjs"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is written by the build", async () => {
    const [name = ""] = await readdir(join(packageDirectory, "dist/code-cache"));

    expect(name).to.match(/^[0-9a-f]{32}\.(start|job)\.cache$/);
  });

  it("is written by the first worker and used by the next ones", async () => {
    expect(await start()).to.equal(64);
    const written = await stat(await cachePath());
    expect(await start()).to.equal(64);

    expect((await stat(await cachePath())).ino).to.equal(written.ino);
  });

  it("is replaced if it is not valid, belongs to other options of V8 or to another worker", async () => {
    await start();
    const path = await cachePath();
    const cache = await readFile(path);
    await writeFile(path, "not a cache");
    expect(await start()).to.equal(64);
    expect((await stat(path)).size).to.be.closeTo(cache.length, cache.length / 10);

    const { ino } = await stat(path);
    expect(await start(["--no-opt"])).to.equal(64);
    expect((await stat(path)).ino).to.not.equal(ino);

    const program = join(folder, "worker/worker.cjs");
    const source = await readFile(program, "utf8");
    await writeFile(
      program,
      source.replace("The worker's environment is not valid", "The worker's environment is NOT valid"),
    );
    expect(await start()).to.equal(64);
    expect(await cachePath()).to.not.equal(path);
  });

  it("is replaced once by the first worker that completes a job", async () => {
    await writeFile(join(folder, "worker/worker.cjs"), "process.exit(Number(process.env.EXIT_CODE));");
    expect(await start([], { EXIT_CODE: "1" })).to.equal(1);
    const startCache = await cachePath();
    expect(startCache).to.match(/\.start\.cache$/);
    expect(await start([], { EXIT_CODE: "1" })).to.equal(1);
    expect(await cachePath()).to.equal(startCache);

    expect(await start([], { EXIT_CODE: "0" })).to.equal(0);
    const jobCache = await cachePath();
    expect(jobCache).to.match(/\.job\.cache$/);
    const { ino } = await stat(jobCache);
    expect(await start([], { EXIT_CODE: "0" })).to.equal(0);
    expect((await stat(await cachePath())).ino).to.equal(ino);
  });

  it("is not necessary", async () => {
    // A file in the place of the folder.
    await writeFile(join(folder, "code-cache"), "");

    expect(await start()).to.equal(64);
  });
});
