import { spawn } from "node:child_process";
import { once } from "node:events";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import * as z from "zod";
import { removeVersions } from "../../adapters/aws/object-removal.ts";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import configuration from "../../reelway.config.ts";
import { type Moto, startMoto } from "../contract/moto.ts";
import { bin } from "../e2e/program.ts";
import { listVersionKeys } from "./smoke/aws-resources.ts";
import { type DeployedStage, deployStage } from "./smoke/deployed-stage.ts";
import { openSerializingProxy, type SerializingProxy } from "./smoke/serializing-proxy.ts";

/** A PNG of one transparent pixel. */
const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const output = z.strictObject({
  key: z.string(),
  path: z.null(),
  bytes: z.number().positive(),
  durationSeconds: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
});
/** The demo's document, with the stage around it. */
const document = z.strictObject({
  stage: z.literal("dev"),
  region: z.string(),
  jobs: z.array(
    z.strictObject({
      id: z.string(),
      source: z.strictObject({ bucket: z.string(), key: z.string(), bytes: z.number() }),
      route: z.string(),
      engine: z.string(),
      recipe: z.string(),
      status: z.string(),
      outputs: z.array(output),
      error: z
        .strictObject({ code: z.number(), name: z.string(), message: z.string(), retryable: z.boolean() })
        .nullable(),
      elapsedSeconds: z.number(),
    }),
  ),
  problems: z.array(z.string()),
  remaining: z.array(z.string()),
});

/** The status of a channel whose watcher runs as long as the tests. */
const watched = { name: "watching", message: "", lastPolledAt: Date.now() / 1000 + 3600 } as const;

describe("reelway smoke on a stage deployed to an emulator", function () {
  this.timeout(180_000);
  let moto: Moto;
  let database: SerializingProxy;
  let stage: DeployedStage;
  let s3: S3Client;

  before(async () => {
    moto = await startMoto();
    database = await openSerializingProxy(moto.client.endpoint);
    s3 = new S3Client(moto.client);
    stage = await deployStage(moto, database.endpoint, {
      ...configuration,
      limits: { retryBackoffSeconds: 1 },
      channels: [
        {
          name: "news",
          manifestUrl: "https://live.example.com/news/index.m3u8",
          stages: ["dev"],
          clipLabels: ["Person"],
        },
      ],
    });
    // No watcher runs: its image is not pulled.
    await stage.saveChannelStatus("news", watched);
  });
  after(async () => {
    await stage?.close();
    await database.close();
    await moto.close();
  });

  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [bin, "smoke", ...args], {
      env: { PATH: process.env.PATH, ...stage.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => {
      stdout += String(text);
    });
    child.stderr.on("data", (text) => {
      stderr += String(text);
    });
    const exited = once(child, "close").then(([code]) => ({ code: Number(code), stdout, stderr }));
    return { child, exited };
  };
  const smoke = (...args: string[]) => start(["--stage", "dev", ...args]).exited;
  const expectNoLeftovers = async () => {
    expect(await listVersionKeys(s3, stage.inputBucket), "left in the input bucket").to.deep.equal([]);
    expect(await listVersionKeys(s3, stage.outputBucket), "left in the output bucket").to.deep.equal([]);
  };

  it("processes a clip through every route, reports the results and removes everything", async () => {
    const { code, stdout, stderr } = await smoke("--json");
    expect(code, `${stdout}${stderr}${stage.logged()}`).to.equal(0);
    const { jobs, problems, remaining } = document.parse(JSON.parse(stdout));
    expect([problems, remaining]).to.deep.equal([[], []]);
    expect(jobs.map(({ route, status, error }) => [route, status, error])).to.deep.equal(
      configuration.routes.map(({ name }) => [name, "Complete", null]),
    );
    const rows = jobs.map(({ route, outputs: [first] }) => [
      route,
      first?.width,
      first?.videoCodec,
      first?.audioCodec,
      first?.durationSeconds === null ? null : Math.round(first?.durationSeconds ?? 0),
    ]);
    expect(rows).to.deep.equal([
      ["thumbnails", 854, "png", null, null],
      ["watermarks", 854, "h264", "aac", 4],
      ["images", 1280, "webp", null, null],
      ["responses", 854, "h264", "aac", 4],
      ["web", 854, "h264", "aac", 4],
      ["ladder", 854, "h264", null, 4],
      ["audio", null, null, "aac", 4],
    ]);
    await expectNoLeftovers();
    expect(stderr).to.include("the job records stay");
    expect(stderr).to.include("Channel news: watching.");
    for (const { id } of jobs) expect((await stage.jobs.read(id))?.status).to.equal("Complete");
  });

  it("names the route whose worker cannot start, and why", async () => {
    stage.workers.breakRoute("thumbnails");
    const { code, stdout, stderr } = await smoke("--json", "--route", "thumbnails", "images");
    stage.workers.breakRoute(undefined);
    expect(code, stderr).to.equal(1);
    const { jobs, problems } = document.parse(JSON.parse(stdout));
    expect(jobs.map(({ route, status }) => [route, status])).to.deep.equal([
      ["thumbnails", "Submitted"],
      ["images", "Complete"],
    ]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(
      /^route "thumbnails": job \w+ cannot be started\. The worker's image could not be pulled: /,
    );
    // It would be tried for days otherwise.
    expect((await stage.jobs.read(jobs[0]?.id ?? ""))?.status).to.equal("Canceled");
    await expectNoLeftovers();
  });

  it("names a channel that cannot be watched, and processes the clips", async () => {
    const problem = { name: "error", message: "The server responded with 404." } as const;
    await stage.saveChannelStatus("news", { ...watched, ...problem });
    const { code, stdout, stderr } = await smoke("--json", "--route", "images");
    await stage.saveChannelStatus("news", watched);

    expect(code, stderr).to.equal(1);
    const { jobs, problems } = document.parse(JSON.parse(stdout));
    expect(jobs.map(({ status }) => status)).to.deep.equal(["Complete"]);
    expect(problems).to.deep.equal(["Channel news: The server responded with 404."]);
    await expectNoLeftovers();
  });

  it("uses the stage's own watermark unchanged, and prints a table", async () => {
    const key = "watermarks/default.png";
    await s3.send(new PutObjectCommand({ Bucket: stage.inputBucket, Key: key, Body: onePixel }));
    const { code, stdout, stderr } = await smoke("--route", "watermarks");
    expect(code, `${stdout}${stderr}`).to.equal(0);
    expect(stdout).to.match(/watermarks\s+│ Complete[\s\S]*Finished in/);
    expect(await listVersionKeys(s3, stage.inputBucket)).to.deep.equal([key]);
    expect(await listVersionKeys(s3, stage.outputBucket)).to.deep.equal([]);
    await removeVersions(s3, stage.inputBucket, key);
  });

  it("reports unclaimed clips after the time limit, and where to look; their events find nothing afterwards", async () => {
    const resume = await stage.pauseRouter();
    const { code, stdout, stderr } = await smoke("--json", "--route", "audio", "--timeout", "0.05");
    expect(code, stderr).to.equal(1);
    const { jobs, problems } = document.parse(JSON.parse(stdout));
    expect(jobs).to.deep.equal([]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(
      /^route "audio": no job was created for smoke-\w+\/smoke-\w+\.wav within 0\.05 minutes.*\/aws\/lambda\/reelway-dev-router/,
    );
    await expectNoLeftovers();
    const [key = ""] = /smoke-\w+\/smoke-\w+\.wav/.exec(problems[0] ?? "") ?? [];
    const { jobs: before } = await stage.jobs.list(jobStatuses);
    await resume(key);
    expect((await stage.jobs.list(jobStatuses)).jobs).to.deep.equal(before);
    await expectNoLeftovers();
  });

  it("removes everything after an interrupt, and nothing appears afterwards", async () => {
    const { jobs: before } = await stage.jobs.list("Canceled");
    const started = stage.workers.started(2);
    const { child, exited } = start(["--stage", "dev", "--route", "ladder", "web"]);
    await started;
    child.kill("SIGINT");
    const { code, stdout, stderr } = await exited;
    expect(code, stderr).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.match(/Deleted \d+ object versions[\s\S]*reelway: The smoke test was stopped\./);
    await expectNoLeftovers();
    await stage.workers.idle();
    await expectNoLeftovers();
    const { jobs: after } = await stage.jobs.list("Canceled");
    const canceled = after.filter(({ id }) => before.every((earlier) => earlier.id !== id));
    expect(canceled.map(({ route }) => route)).to.have.members(["ladder", "web"]);
  });

  it("keeps everything on request, and reports where", async () => {
    const { code, stdout, stderr } = await smoke("--keep", "--json", "--route", "images");
    expect(code, stderr).to.equal(0);
    const name = /smoke-\w+/.exec(stderr)?.[0] ?? "";
    expect(stderr).to.include(
      `Kept the objects with ${name} in their key in ${stage.inputBucket} and ${stage.outputBucket}.`,
    );
    expect(await listVersionKeys(s3, stage.inputBucket)).to.deep.equal([`images/${name}/${name}.png`]);
    const outputs = await listVersionKeys(s3, stage.outputBucket);
    expect(outputs).to.have.length(2);
    expect(document.parse(JSON.parse(stdout)).jobs[0]?.outputs.map(({ key }) => key)).to.have.members([
      ...outputs,
    ]);
    await removeVersions(s3, stage.inputBucket, "images/");
    await removeVersions(s3, stage.outputBucket, "images/");
  });

  it("reports that a stage without buckets is not deployed", async () => {
    const { code, stdout, stderr } = await start(["--stage", "prod"]).exited;
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.equal(
      "reelway: Stage prod is not deployed: bucket reelway-prod-input does not exist in us-east-1. Deploy it first: npx reelway deploy --stage prod\n",
    );
  });
});
