import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { embedConfiguration, readCompiledFunction } from "../../build/function-bundle.ts";
import { packageDirectory, workerProgram } from "../../build/package-directory.ts";
import { serializeJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import defaults from "../../reelway.config.ts";
import { invocationContext } from "../lambdas/invocation-context.ts";

const errorSchema = z.looseObject({ name: z.string(), message: z.string(), stack: z.string() });
const entrySchema = z.looseObject({ level: z.string(), message: z.string(), error: z.optional(errorSchema) });

describe("a stack trace in the log of a bundled program", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-stack-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs a program that fails, and answers the error that its log holds. */
  const runToError = async (
    programArguments: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => {
    const stderr = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [...programArguments],
        { cwd: folder, env: environment },
        (_failure, _stdout, text) => resolve(text),
      );
    });
    const line = stderr.split("\n").find((text) => text.startsWith("{")) ?? "";
    const { error, ...entry } = entrySchema.parse(JSON.parse(line));
    if (error === undefined) throw new Error(`No error was logged: ${line}`);
    return { entry, error, stderr };
  };
  /** The source lines that a stack names of one file. */
  const readSourceLines = async ({ stack }: z.infer<typeof errorSchema>, path: string) => {
    const source = (await readFile(join(packageDirectory, path), "utf8")).split("\n");
    const lines = [...stack.matchAll(new RegExp(`${path.replaceAll(/[./]/g, "\\$&")}:(\\d+):`, "g"))];
    return lines.map(([, number]) => source[Number(number) - 1]?.trim());
  };

  it("names the TypeScript file and line of a function's uncaught error, and its cause", async () => {
    const configuration = serializeJobConfiguration(parseConfiguration(defaults));
    const files = embedConfiguration(await readCompiledFunction("sweep"), configuration);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const call = `require("./index.js").handler({}, ${JSON.stringify(invocationContext)}).catch(() => undefined)`;

    const { entry, error } = await runToError(["-e", call], {
      NODE_OPTIONS: "--enable-source-maps",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "key",
      AWS_MAX_ATTEMPTS: "1",
      // Nothing listens there.
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      STAGE: "reelway-dev",
      STAGE_NAME: "dev",
      ROLE_NAME: "reelway-dev-sweep",
      JOBS_TABLE: "jobs",
      INPUT_BUCKET: "input",
      OUTPUT_BUCKET: "output",
    });

    expect(entry).to.include({ level: "ERROR", service: "sweep", function_request_id: "request-1" });
    expect(error.name).to.equal("StoreFailure");
    expect(error).to.have.nested.property("cause.stack").that.includes("ECONNREFUSED");
    expect(await readSourceLines(error, "adapters/aws/store-failure.ts")).to.deep.equal([
      ": new StoreFailure(",
      "const failure = toStoreFailure(context, cause);",
    ]);
    expect(await readSourceLines(error, "lambdas/sweep/sweep.ts")).to.deep.equal([
      "const registrations = await registerRoutes(ports);",
    ]);
  });

  /** The environment of a worker that is started directly. */
  const buildWorkerEnvironment = (): Readonly<Record<string, string>> => ({
    OBJECT_STORE: `file:${join(folder, "objects")}`,
    JOBS_TABLE: "jobs",
    TRANSCODER_TABLE: "transcoder",
    SCRATCH_DIRECTORY: folder,
    CONFIGURATION: "{no JSON",
    FFMPEG_PATH: process.execPath,
    FFPROBE_PATH: process.execPath,
    AWS_REGION: "us-east-1",
    ROUTE: "images",
    SOURCE_BUCKET: "input",
    SOURCE_KEY: "images/a.png",
    SOURCE_VERSION: "v1",
    OUTPUT_BUCKET: "output",
  });

  it("names the TypeScript file and line of the worker's error", async () => {
    const { entry, error } = await runToError([workerProgram], buildWorkerEnvironment());

    expect(entry).to.include({ level: "ERROR", service: "worker", attempt: 1 });
    expect(entry.jobId).to.match(/^[a-z2-7]{52}$/);
    expect(error.name).to.equal("SyntaxError");
    expect(await readSourceLines(error, "docker/ffmpeg/worker.ts")).to.include(
      "configuration: parseJobConfiguration(definition.CONFIGURATION),",
    );
    expect(error.stack).not.to.include("worker.cjs");
  });

  it("names the TypeScript file and line of the worker's uncaught error, and nothing else is printed", async () => {
    const preload = join(folder, "preload.cjs");
    // The worker handles the signal from its start.
    await writeFile(
      preload,
      `const { once } = process;
      process.once = function (name, ...rest) {
        if (name === "SIGINT") throw new Error("no handler");
        return once.call(this, name, ...rest);
      };`,
    );

    const { entry, error, stderr } = await runToError(
      ["--require", preload, workerProgram],
      buildWorkerEnvironment(),
    );

    expect(entry).to.include({ level: "ERROR", service: "worker", message: "Unexpected error" });
    expect(await readSourceLines(error, "docker/ffmpeg/worker.ts")).to.deep.equal([
      'process.once("SIGINT", () => abortController.abort(new AttemptAborted("stopped")));',
    ]);
    expect(stderr.trim().split("\n")).to.have.length(1);
  });
});
