import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { ensureTable } from "../../adapters/local/database.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { registerRoutes } from "../../pipeline/jobs/route-registry.ts";
import { jobsTable } from "../../pipeline/ports/tables.ts";
import { startEmulator } from "../apply/emulator.ts";
import type { Moto } from "../contract/moto.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";

const tableName = "reelway-dev-jobs";
const inputBucket = "reelway-dev-input";
const configuration = parseConfiguration(wholeConfiguration);
const clock = { now: () => new Date() };

describe("a backfill of a stage", () => {
  let moto: Moto;
  let folder: string;
  let database: DynamoDBClient;
  const openJobs = () => createDynamoJobStore(database, tableName, clock);
  const sweeps = () => createDynamoSweepStore(database, tableName);
  beforeEach(async () => {
    moto = await startEmulator();
    folder = await mkdtemp(join(tmpdir(), "reelway-backfill-"));
    database = new DynamoDBClient(moto.client);
    await ensureTable(database, tableName, jobsTable);
    const s3 = new S3Client(moto.client);
    await s3.send(new CreateBucketCommand({ Bucket: inputBucket }));
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: inputBucket,
        VersioningConfiguration: { Status: "Enabled" },
      }),
    );
    const put = (key: string, body: string) =>
      s3.send(new PutObjectCommand({ Bucket: inputBucket, Key: key, Body: body }));
    for (let index = 0; index < 6; index += 1) await put(`thumbnails/${index}.mp4`, "1234567890");
    await put("thumbnails/0.mp4", "replaced");
    await put("thumbnails/removed.mp4", "removed");
    await s3.send(new DeleteObjectCommand({ Bucket: inputBucket, Key: "thumbnails/removed.mp4" }));
    for (const key of ["thumbnails/notes.txt", "watermarks/logo.png", "web/talk.mp4"])
      await put(key, "other");
    // As after the deployment of a renamed route: it begins when its uploads exist.
    await registerRoutes({ configuration, inputBucket, sweeps: sweeps(), clock });
  });
  afterEach(async () => {
    await moto.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (
    program: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>> = {},
    input = "",
  ): Promise<CommandResult> => {
    const [command, ...args] = program;
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        ...motoEnvironment(moto),
        REELWAY_CONFIG: join(packageDirectory, "test/synth/whole.config.ts"),
        PATH: "/nonexistent",
        ...environment,
      },
    });
    child.stdin.end(input);
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close"),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code: Number(code ?? 1), stdout, stderr };
  };
  const command = (...args: readonly string[]): readonly [string, ...string[]] => [
    process.execPath,
    bin,
    "backfill",
    "--stage",
    "dev",
    "--route",
    "thumbnails",
    ...args,
  ];
  const listJobs = async () => {
    const keys: string[] = [];
    for await (const { source, status, route } of openJobs().listAll("Submitted"))
      keys.push(`${route} ${status} ${source.key} ${source.bytes}`);
    return keys.sort();
  };

  it("shows number, size and cost, and changes nothing if it cannot ask or the answer is no", async () => {
    const unasked = await run(command("--since", "1d"));
    expect(unasked).to.include({ code: 2, stdout: "" });
    expect(unasked.stderr)
      .to.include("Without a job: 6 uploads, 58 bytes. With a job, left out: 0.")
      .and.to.match(/Estimated cost: about \$0\.01\. It is an estimate/)
      .and.to.include("at list prices of us-east-1")
      .and.to.include("each task is billed for at least 60 s")
      .and.to.match(/The limit of \d+ jobs an hour .* starts them within about an hour/)
      .and.to.include("then pass --yes");
    const declined = await run(
      [
        "/usr/bin/script",
        "--quiet",
        "--return",
        "--command",
        command("--since", "1d").join(" "),
        "/dev/null",
      ],
      { SHELL: "/bin/sh" },
      "n\n",
    );
    expect(declined.code).to.equal(1);
    expect(declined.stdout).to.include("Create 6 jobs? [y/N]").and.to.include("No job was created.");
    expect(await listJobs()).to.eql([]);
  });

  it("creates the jobs of the current versions, and no second ones", async () => {
    const first = await run(command("--since", "1d", "--yes", "--json"));
    expect(first).to.include({ code: 0 });
    expect(JSON.parse(first.stdout)).to.deep.include({
      stage: "dev",
      route: "thumbnails",
      uploads: 6,
      bytes: 58,
      withJob: 0,
      claimed: 6,
      skipped: 0,
      failed: [],
      rest: 0,
    });
    expect(first.stderr).to.include("6 of 6 uploads got a job, 0 failed.");
    expect(await listJobs()).to.eql([
      "thumbnails Submitted thumbnails/0.mp4 8",
      ...[1, 2, 3, 4, 5].map((index) => `thumbnails Submitted thumbnails/${index}.mp4 10`),
    ]);

    const second = await run(command("--since", "1d"));
    expect(second).to.include({ code: 0, stdout: "" });
    expect(second.stderr).to.include("Every upload has a job (6). No action needed.");
    const earlier = await run(command("--since", "3d", "--until", "1h", "--json"));
    expect(JSON.parse(earlier.stdout)).to.include({ uploads: 0, withJob: 0, claimed: 0 });
    expect((await listJobs()).length).to.equal(6);
  });

  it("names what to do for a wrong route, time, stage or deployment", async () => {
    const expectFailure = async (args: readonly string[], code: number, ...messages: readonly string[]) => {
      const result = await run([process.execPath, bin, "backfill", ...args]);
      expect(result, args.join(" ")).to.include({ code, stdout: "" });
      for (const message of messages) expect(result.stderr).to.include(message);
    };
    const since = ["--since", "1d"];
    const dev = ["--stage", "dev"];
    await expectFailure(
      [...dev, "--route", "films", ...since],
      2,
      "Route films does not exist.",
      "thumbnails",
    );
    await expectFailure(
      [...dev, "--route", "thumbnails", "--since", "yesterday"],
      2,
      "It is an age (30s, 90m",
    );
    await expectFailure(
      [...dev, "--route", "thumbnails", ...since, "--until", "2d"],
      2,
      "is not before --until",
    );
    await expectFailure(
      ["--route", "thumbnails", ...since],
      2,
      "On one machine there is no stage",
      "upload FILES",
    );
    await expectFailure(
      ["--stage", "live", "--route", "thumbnails", ...since],
      1,
      "Stage live is not deployed",
    );
    const { routes, ...rest } = configuration;
    const changed = {
      ...rest,
      routes: routes.map((route) => (route.name === "thumbnails" ? { ...route, prefix: "posters/" } : route)),
    };
    await registerRoutes({ configuration: changed, inputBucket, sweeps: sweeps(), clock });
    await expectFailure(
      [...dev, "--route", "thumbnails", ...since],
      1,
      "npx reelway deploy --stage dev",
      "sweep",
    );
    expect(await listJobs()).to.eql([]);
  });
});
