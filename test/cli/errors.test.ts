import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { CommanderError } from "commander";
import * as zod from "zod";
import { classifyError, renderError } from "../../cli/errors.ts";
import { ConfigurationError } from "../../pipeline/configuration/schema.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import { planDocument } from "../terraform/review/plans.ts";

const reject = (operation: Promise<unknown>): Promise<unknown> =>
  operation.then(
    () => expect.fail("nothing was thrown"),
    (cause: unknown) => cause,
  );
const listen = (server: Server | ReturnType<typeof createSocketServer>, port = 0): Promise<number> =>
  new Promise((resolve, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
const createClient = (port: number): S3Client =>
  new S3Client({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" },
  });
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** An answer of S3 that is no success, as the SDK throws it. */
const getServiceError = async (status: number, code: string): Promise<unknown> => {
  const server = createServer((_request, response) =>
    response
      .writeHead(status, { "content-type": "application/xml", "x-amz-request-id": "4442587FB7D0A2F9" })
      .end(`<Error><Code>${code}</Code><Message>No luck</Message></Error>`),
  );
  const client = createClient(await listen(server));
  try {
    return await reject(client.send(new GetObjectCommand({ Bucket: "films", Key: "a.mp4" })));
  } finally {
    client.destroy();
    server.close();
  }
};
/** A port that nothing listens on. */
const getClosedPort = async (): Promise<number> => {
  const server = createSocketServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const kinds: readonly (readonly [
  what: string,
  create: () => unknown | Promise<unknown>,
  exitStatus: number,
  message: RegExp,
])[] = [
  ["wrong usage", () => new UsageError("Name a file."), 2, /^Name a file\.$/],
  ["a failed command", () => new CommandError("No runtime."), 1, /^No runtime\.$/],
  ["a mistake in the configuration", () => new ConfigurationError(["x is not y"]), 1, /x is not y/],
  [
    "a command that was stopped for a reason",
    () =>
      reject(pause(60_000, undefined, { signal: AbortSignal.abort(new CommandError("The demo stopped.")) })),
    1,
    /^The demo stopped\.$/,
  ],
  ["a command that was stopped", () => AbortSignal.abort().reason, 1, /^The command was stopped\.$/],
  [
    "a refusal by AWS",
    () => getServiceError(403, "AccessDenied"),
    1,
    /^AWS returned AccessDenied: No luck\. \(HTTP 403, request id 4442587FB7D0A2F9\)$/,
  ],
  ["a failure of AWS", () => getServiceError(503, "SlowDown"), 1, /^AWS returned SlowDown: .*HTTP 503/],
  [
    "expired credentials",
    () => getServiceError(400, "ExpiredToken"),
    1,
    /^The AWS credentials have expired\./,
  ],
  [
    "missing credentials",
    () => new Error("x", { cause: named("CredentialsProviderError", "Could not load credentials") }),
    1,
    /^No AWS credentials found: Could not load credentials\. Set AWS_PROFILE/,
  ],
  [
    "AWS out of reach",
    async () => {
      const client = createClient(await getClosedPort());
      return reject(client.send(new GetObjectCommand({ Bucket: "films", Key: "a.mp4" })));
    },
    1,
    /^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\./,
  ],
  [
    "a host that does not exist",
    () =>
      Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("getaddrinfo ENOTFOUND x.invalid"), {
          code: "ENOTFOUND",
          syscall: "getaddrinfo",
          hostname: "x.invalid",
        }),
      }),
    1,
    /^x\.invalid cannot be reached \(ENOTFOUND\)\./,
  ],
  [
    "a request without an answer",
    () => reject(pause(60_000, undefined, { signal: AbortSignal.timeout(1) })),
    1,
    /^A request timed out: /,
  ],
  [
    "a missing file",
    () => reject(readFile("/nonexistent/a")),
    1,
    /^\/nonexistent\/a cannot be used: no such file or directory \(ENOENT, open\)\.$/,
  ],
  [
    "a file that may not be read",
    () =>
      Object.assign(new Error("EACCES: permission denied, open '/a'"), {
        code: "EACCES",
        errno: -13,
        syscall: "open",
        path: "/a",
      }),
    1,
    /^\/a cannot be used: permission denied \(EACCES, open\)\.$/,
  ],
  ["a full disk", () => reject(writeFile("/dev/full", "x")), 1, /no space left on device \(ENOSPC, write\)/],
  [
    "a missing program",
    () => new Promise((resolve) => execFile("/nonexistent/terraform", (error) => resolve(error))),
    1,
    /^The program \/nonexistent\/terraform was not found\./,
  ],
  [
    "a port in use",
    async () => {
      const server = createSocketServer();
      const port = await listen(server);
      const cause = await reject(listen(createSocketServer(), port));
      server.close();
      return cause;
    },
    1,
    /^Port \d+ of 127\.0\.0\.1 is in use\./,
  ],
  [
    "a document of another form",
    () => zod.object({ stacks: zod.object({ name: zod.string() }) }).safeParse({ stacks: {} }).error,
    1,
    /^A document does not have the expected form: stacks\.name: /,
  ],
  [
    "a refusal by a store",
    () => new StoreFailure("denied", "Reading x: no access"),
    1,
    /^Reading x: no access$/,
  ],
  [
    "a full disk of the embedded database",
    () => Object.assign(new Error("IO error: No space left on device"), { code: "LEVEL_IO_ERROR" }),
    1,
    /^The embedded database failed: IO error: No space left/,
  ],
  ["an unknown failure of a store", () => new StoreFailure("unknown", "x", new TypeError("y")), 70, /^x$/],
  ["a TypeError", () => new TypeError("x is not a function"), 70, /^x is not a function$/],
  ["an invalid argument of a function of Node.js", () => reject(readFile(Number.NaN as never)), 70, /./],
  ["what is no error", () => "text", 70, /^text$/],
];

describe("an error that ends a command", () => {
  for (const [what, create, exitStatus, message] of kinds)
    it(`leads to status ${exitStatus} for ${what}`, async () => {
      const classified = classifyError(await create());
      expect(classified).to.include({ kind: exitStatus === 70 ? "bug" : "user", exitStatus });
      expect(classified).to.have.property("message").that.matches(message);
    });
  it("is left to commander where commander has written it", () => {
    expect(classifyError(new CommanderError(1, "commander.unknownOption", "x"))).to.deep.equal({
      kind: "printed",
      exitStatus: 2,
    });
    expect(classifyError(new CommanderError(0, "commander.help", "x"))).to.have.property("exitStatus", 0);
    expect(renderError(new CommanderError(0, "commander.help", "x"), true)).to.equal("");
  });
  it("does not move the cursor", () => {
    expect(renderError(new CommandError("a\u001b[2Jb"), true)).to.not.include("\u001b");
  });
});

describe("the reelway command", function () {
  this.timeout(60_000);
  let folder: string;
  let plan: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-errors-"));
    plan = join(folder, "plan.json");
    await writeFile(plan, JSON.stringify(planDocument([])));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** @param preload a module that Node.js runs before the program */
  const run = (words: readonly string[], { preload = "" } = {}): Promise<CommandResult> =>
    new Promise((resolve) => {
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
      execFile(process.execPath, [bin, ...words], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const throwing = 'process.stdout.write = () => { throw new TypeError("broken write"); };';
  const rejecting = 'process.stdout.write = () => { Promise.reject(new TypeError("broken write")); };';

  it("ends with 2 for wrong usage, in a line", async () => {
    expect(await run(["review", "nothing.json"])).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "reelway: File nothing.json does not exist.\n",
    });
  });
  it("ends with 1 for what a person can act on, in a line", async () => {
    const ended = await run(["policy", "--outdir", folder]);
    expect(ended.code).to.equal(1);
    expect(ended.stderr).to.match(/^reelway: .*manifest\.json cannot be read\. .*npm run synth\n$/);
  });
  for (const [what, preload] of [
    ["is thrown", throwing],
    ["nobody has caught", rejecting],
  ] as const)
    it(`ends with 70 for a bug that ${what}, and asks for a report`, async () => {
      const ended = await run(["review", plan], { preload });
      expect(ended.code).to.equal(70);
      expect(ended.stderr).to.match(
        /^reelway: Unexpected error: broken write\nThis is a fault of Reelway\. Please report it with the command, the version \(\d+\.\d+\.\d+, Node\.js v[\d.]+\) and the output of the same command with --verbose\.\n$/,
      );
    });
  it("shows causes and stacks in lines of TypeScript with --verbose, before or after the command", async () => {
    const failed = await run(["--verbose", "policy", "--outdir", folder]);
    expect(failed.code).to.equal(1);
    expect(failed.stderr)
      .to.match(/^reelway: .*manifest\.json cannot be read\. .*npm run synth\nManifestError: /)
      .and.to.match(/^ {4}at .*terraform\/runner\/stacks\.ts:\d+:\d+\)$/m)
      .and.to.match(/\[cause\]: Error: ENOENT: .*\n.* at .*/);
    const bug = await run(["review", plan, "--verbose"], { preload: throwing });
    expect(bug.code).to.equal(70);
    expect(bug.stderr)
      .to.match(/^reelway: Unexpected error: broken write\nTypeError: broken write\n/)
      .and.to.match(/^ {4}at .*cli\/actions\/review\.ts:\d+:\d+\)$/m)
      .and.to.match(/ and this output\.\n$/);
  });
});
