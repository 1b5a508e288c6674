import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { toItem } from "../../adapters/aws/job-item.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { ensureTable } from "../../adapters/local/database.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import type { JobStatus } from "../../pipeline/attempts/job-status.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { jobsTable, transcoderTable } from "../../pipeline/ports/tables.ts";
import { startEmulator } from "../apply/emulator.ts";
import type { Moto } from "../contract/moto.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";

const tableName = "reelway-dev-jobs";
const configuration = parseConfiguration(wholeConfiguration);
const newestTime = Date.parse("2026-11-30T12:00:00Z");

/** The job with a number: one a minute, the newest has number 0; one in four waits, one in four is Complete. */
const createJob = (index: number): Job => {
  const status: JobStatus = (["Submitted", "Complete", "Error", "Error"] as const)[index % 4] ?? "Error";
  const routeName = index % 3 === 0 ? "thumbnails" : "watermarks";
  const route = configuration.routes.find(({ name }) => name === routeName);
  if (route === undefined) throw new Error(`The configuration has no route ${routeName}.`);
  const key = `${route.prefix}${String(index).padStart(4, "0")}.mp4`;
  const now = new Date(newestTime - index * 60_000).toISOString();
  const source = { bucket: "reelway-dev-input", key, bytes: 5, versionId: String(index) };
  const failure =
    index % 8 === 2
      ? new JobFailure(4000, "The file is not a video.")
      : new JobFailure(1001, "The task was stopped.", { retryable: true });
  return {
    ...buildJob(route, source, { configuration, outputBucket: "reelway-dev-output", now, metadata: {} }),
    status,
    error: status === "Error" ? failure.toJobError() : null,
  };
};
const jobs = Array.from({ length: 1200 }, (_, index) => createJob(index));
const select = (isMatch: (job: Job) => boolean): readonly string[] =>
  jobs.filter(isMatch).map(({ id }) => id);

describe("jobs of a stage", () => {
  let moto: Moto;
  let folder: string;
  let client: DynamoDBClient;
  before(async () => {
    moto = await startEmulator();
    folder = await mkdtemp(join(tmpdir(), "reelway-stage-jobs-"));
    client = new DynamoDBClient(moto.client);
    await ensureTable(client, tableName, jobsTable);
    await ensureTable(client, "reelway-dev-transcoder", transcoderTable);
    await new ECSClient(moto.client).send(new CreateClusterCommand({ clusterName: "reelway-dev-workers" }));
  });
  /** Writes the jobs as they were. */
  const writeJobs = async (): Promise<void> => {
    for (let first = 0; first < jobs.length; first += 25)
      await client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [tableName]: jobs.slice(first, first + 25).map((job) => ({
              PutRequest: { Item: marshall(toItem(job), { removeUndefinedValues: true }) },
            })),
          },
        }),
      );
  };
  beforeEach(writeJobs);
  after(async () => {
    await moto.close();
    await rm(folder, { recursive: true, force: true });
  });
  const getEnvironment = () => ({
    ...motoEnvironment(moto),
    REELWAY_CONFIG: join(packageDirectory, "test/synth/whole.config.ts"),
    PATH: "/nonexistent",
  });
  const run = async (
    program: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>>,
    input = "",
  ): Promise<CommandResult> => {
    const [command, ...args] = program;
    const child = spawn(command, args, { cwd: folder, env: environment });
    child.stdin.end(input);
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close"),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code: Number(code ?? 1), stdout, stderr };
  };
  const reelway = (args: readonly string[], environment = {}): Promise<CommandResult> =>
    run([process.execPath, bin, ...args, "--stage", "dev"], { ...getEnvironment(), ...environment });
  const listIds = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await reelway(["jobs", "--json", "--limit", "2000", ...args]);
    return JSON.parse(stdout).jobs.map(({ id }: Job) => id);
  };
  const readStatuses = async (ids: readonly string[]): Promise<readonly (JobStatus | undefined)[]> => {
    const store = createDynamoJobStore(client, tableName, { now: () => new Date() });
    return Promise.all(ids.map(async (id) => (await store.read(id))?.status));
  };

  it("are not found, like its users and its input bucket, if the stage is not deployed", async () => {
    const file = join(folder, "a.mp4");
    await writeFile(file, "not a video");
    for (const args of [["jobs"], ["users", "list"], ["upload", file]] as const) {
      const { code, stderr } = await run(
        [process.execPath, bin, ...args, "--stage", "live"],
        getEnvironment(),
      );
      expect(code, stderr).to.equal(1);
      expect(stderr).to.match(
        /Stage live is not deployed in this account and Region\. .*deploy --stage live\n$/,
      );
    }
  });

  it("are listed, newest first, by status, route, error code and time", async () => {
    expect(await listIds()).to.deep.equal(jobs.map(({ id }) => id));
    expect(await listIds("--status", "Error", "--route", "thumbnails")).to.deep.equal(
      select(({ status, route }) => status === "Error" && route === "thumbnails"),
    );
    const [since, until] = [jobs[900]?.createdAt ?? "", jobs[100]?.createdAt ?? ""];
    expect(await listIds("--error-code", "4000", "--since", since, "--until", until)).to.deep.equal(
      select(({ error, createdAt }) => error?.code === 4000 && createdAt >= since && createdAt < until),
    );
    expect(await listIds("--status", "Progressing")).to.deep.equal([]);
  });

  it("are shown with complete ids, which the other commands take", async () => {
    const { stdout } = await reelway(["jobs", "--limit", "3"]);
    const [id] = stdout.split("\n")[1]?.split(" ") ?? [];
    expect(id).to.equal(jobs[0]?.id);
    const shown = await reelway(["job", id ?? ""]);
    expect(shown).to.include({ code: 0 });
    expect(shown.stdout).to.include("thumbnails/0000.mp4").and.to.include("Submitted");
  });

  it("are retried and canceled one by one, and the reconciler sends the notification", async () => {
    const [waiting = "", , , failed = ""] = jobs.map(({ id }) => id);
    expect(await reelway(["retry", failed])).to.deep.equal({
      code: 0,
      stdout: "thumbnails/0003.mp4: Submitted, attempt 2\n",
      stderr: "",
    });
    expect(await reelway(["cancel", waiting])).to.include({
      code: 0,
      stdout: "thumbnails/0000.mp4: Canceled\n",
    });
    expect(await readStatuses([failed, waiting])).to.deep.equal(["Submitted", "Canceled"]);
    const unnotified: string[] = [];
    const store = createDynamoJobStore(client, tableName, { now: () => new Date() });
    for await (const { id } of store.listUnnotified()) unnotified.push(id);
    expect(unnotified).to.include(waiting).and.not.to.include(failed);

    const again = await reelway(["cancel", waiting]);
    expect(again).to.include({ code: 1 });
    expect(again.stderr).to.include(`Job ${waiting} is Canceled and cannot be canceled.`);
  });

  it("are retried in bulk, permanent errors left out unless they are forced", async () => {
    const isSelected = ({ status, route }: Job): boolean => status === "Error" && route === "watermarks";
    const retryable = select((job) => isSelected(job) && job.error?.retryable === true);
    const permanent = select((job) => isSelected(job) && job.error?.retryable === false);
    const result = await reelway(["retry", "--route", "watermarks", "--yes"]);
    expect(result).to.include({ code: 0, stdout: "" });
    expect(result.stderr)
      .to.include(`Left out: ${permanent.length} jobs, with a permanent error: --force retries them too\n`)
      .and.to.include(`${retryable.length}  watermarks  Error 1001 `)
      .and.to.include(`${retryable.length} jobs retried, 0 failed.\n`);
    expect(new Set(await readStatuses(retryable))).to.deep.equal(new Set(["Submitted"]));
    expect(new Set(await readStatuses(permanent))).to.deep.equal(new Set(["Error"]));

    const forced = await reelway([
      "retry",
      "--error-code",
      "4000",
      "--force",
      "--yes",
      "--json",
      "--limit",
      "7",
    ]);
    expect(forced.code).to.equal(0);
    expect(JSON.parse(forced.stdout).retried).to.have.members(
      select(({ error }) => error?.code === 4000).slice(0, 7),
    );
  });

  it("are canceled in bulk, and a job that ends meanwhile is reported", async () => {
    const waiting = select(({ status, route }) => status === "Submitted" && route === "thumbnails");
    const [first = ""] = waiting;
    const store = createDynamoJobStore(client, tableName, { now: () => new Date() });
    await store.markPublished(first, 1);
    const result = await reelway(["cancel", "--status", "Submitted", "--route", "thumbnails", "--yes"]);
    expect(result.code).to.equal(1);
    expect(result.stderr)
      .to.include(`${first}: Job ${first} has published its outputs and can no longer be canceled.`)
      .and.to.include(`${waiting.length - 1} jobs canceled, 1 failed.\n`)
      .and.to.include(`1 of ${waiting.length} jobs were not canceled.`);
    expect(await readStatuses(waiting)).to.deep.equal(
      waiting.map((id) => (id === first ? "Submitted" : "Canceled")),
    );
  });

  it("do not change if the question is declined or cannot be asked", async () => {
    const before = await listIds("--status", "Submitted");
    const command = [process.execPath, bin, "cancel", "--stage", "dev", "--since", "2026-11-30"].join(" ");
    const declined = await run(
      ["/usr/bin/script", "--quiet", "--return", "--command", command, "/dev/null"],
      { ...getEnvironment(), SHELL: "/bin/sh" },
      "n\n",
    );
    expect(declined.code).to.equal(1);
    expect(declined.stdout)
      .to.match(/Cancel \d+ jobs\? \[y\/N\]/)
      .and.to.include("No job was canceled.");
    const unasked = await reelway(["cancel", "--route", "watermarks"]);
    expect(unasked).to.include({ code: 2, stdout: "" });
    expect(unasked.stderr).to.include("npx reelway jobs --stage dev, then pass --yes.");
    expect(await listIds("--status", "Submitted")).to.deep.equal(before);
  });

  it("need an id or a filter, a complete id and a status that the command can change", async () => {
    const unlimited = await reelway(["retry", "--yes"]);
    expect(unlimited.code).to.equal(2);
    expect(unlimited.stderr).to.include("Select the jobs to retry: an id, or at least one of --status");
    const short = await reelway(["job", jobs[0]?.id.slice(0, 10) ?? ""]);
    expect(short.code).to.equal(2);
    expect(short.stderr).to.include("On a stage, an id has 52 characters.");
    const missing = await reelway(["cancel", "a".repeat(52)]);
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.include(
      "does not exist in stage dev. To list the jobs: npx reelway jobs --stage dev",
    );
    const wrong = await reelway(["cancel", "--status", "Error", "--yes"]);
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.include("Use --status Submitted or --status Progressing.");
  });

  it("name what to do without a deployment or credentials", async () => {
    const other = await run([process.execPath, bin, "jobs", "--stage", "live"], getEnvironment());
    expect(other.code).to.equal(1);
    expect(other.stderr).to.include("Stage live is not deployed in this account and Region.");
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...anonymous } = motoEnvironment(moto);
    const denied = await run([process.execPath, bin, "jobs", "--stage", "dev"], {
      ...anonymous,
      REELWAY_CONFIG: join(packageDirectory, "test/synth/whole.config.ts"),
      HOME: folder,
      PATH: "/nonexistent",
    });
    expect(denied.code).to.equal(1);
    expect(denied.stderr).to.include("No AWS credentials found").and.to.include("aws sso login");
  });
});
