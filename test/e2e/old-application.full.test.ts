import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  CreatePipelineCommand,
  ElasticTranscoderClient,
  ListPipelinesCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import * as hls from "hls-parser";
import * as z from "zod";
import { startHttpSubscriber } from "../adapters/local/http-subscriber.ts";
import {
  type CommandResult,
  makeClip,
  pollUntil,
  type RunningRuntime,
  reelway,
  startReelway,
} from "./program.ts";

const application = fileURLToPath(new URL("../../examples/old-application/index.js", import.meta.url));
const keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

describe("an Elastic Transcoder application of 2018", function () {
  this.timeout(180_000);
  let folder: string;
  let data: string;
  let runtime: RunningRuntime;
  let result: CommandResult;
  const runCommand = (...args: string[]) => reelway([...args, "--data", data]);
  const served = (key: string) => fetch(`http://127.0.0.1:${runtime.port}/output/${key}`);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-old-"));
    data = join(folder, "data");
    runtime = await startReelway(data);
    await makeClip(join(folder, "interview.mov"), 4);
    // The clip is an ignored asset: only the application's own job processes it.
    await runCommand("upload", join(folder, "interview.mov"), "--prefix", "watermarks/");
    const endpoint = `http://127.0.0.1:${runtime.port}`;
    const key = keys.parse(JSON.parse(await readFile(join(data, "transcoder-keys.json"), "utf8")));
    const client = new ElasticTranscoderClient({ endpoint, region: "us-east-1", credentials: key });
    const topic = "arn:aws:sns:us-east-1:123456789012:videos";
    const { Pipeline } = await client.send(
      new CreatePipelineCommand({
        Name: "videos",
        InputBucket: "input",
        OutputBucket: "output",
        Role: "arn:aws:iam::123456789012:role/Elastic_Transcoder_Default_Role",
        Notifications: { Progressing: topic, Completed: topic, Warning: topic, Error: topic },
      }),
    );
    const port = await freePort();
    await runCommand("transcoder", "subscribe", topic, `http://127.0.0.1:${port}/sns`);
    const child = spawn(process.execPath, [application, "42", "watermarks/interview.mov"], {
      env: {
        PORT: String(port),
        PIPELINE_ID: Pipeline?.Id,
        TRANSCODER_ENDPOINT: endpoint,
        TRANSCODER_ACCESS_KEY_ID: key.accessKeyId,
        TRANSCODER_SECRET_ACCESS_KEY: key.secretAccessKey,
      },
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    result = { code: Number(code), stdout, stderr };
  });
  after(async () => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await rm(folder, { recursive: true, force: true });
  });

  it("receives notifications of progress and completion, with each output's result", async () => {
    expect(result.code, result.stdout + result.stderr).to.equal(0);
    // The first message may come before CreateJob's answer.
    const created = /^video 42: job \d{13}-\w{6} is Submitted\n/m.exec(result.stdout)?.[0];
    expect(created, result.stdout).not.to.equal(undefined);
    const lines = result.stdout
      .replace(created ?? "", "")
      .trimEnd()
      .split("\n");
    expect(lines).to.deep.equal([
      "video 42: transcoding",
      "  1080p.mp4 Complete 4s 320x180",
      "  720p.mp4 Complete 4s 320x180",
      "  web.mp4 Complete 4s 320x180",
      "  hls/2000 Complete 4s 320x180",
      "  hls/1000 Complete 4s 320x180",
      "  hls/400 Complete 4s 320x180",
      "  master HLSv3 Complete",
      "video 42: ready",
    ]);
  });

  it("finds its files, thumbnails, segments and playlists at the requested keys", async () => {
    for (const key of ["1080p.mp4", "720p.mp4", "web.mp4", "thumbnails/00001.png"]) {
      const bytes = Buffer.from(await (await served(`videos/42/${key}`)).arrayBuffer());
      expect(await readFile(join(data, "output/videos/42", key)), key).to.deep.equal(bytes);
    }
    const master = hls.parse(await (await served("videos/42/master.m3u8")).text());
    if (!master.isMasterPlaylist) throw new Error("no master playlist");
    expect(master.variants.map(({ uri }) => uri)).to.deep.equal([
      "hls/2000.m3u8",
      "hls/1000.m3u8",
      "hls/400.m3u8",
    ]);
    for (const { uri } of master.variants) {
      const playlist = hls.parse(await (await served(`videos/42/${uri}`)).text());
      if (playlist.isMasterPlaylist) throw new Error("no media playlist");
      expect(playlist.segments.length, uri).to.be.at.least(2);
      for (const segment of playlist.segments)
        expect((await served(`videos/42/hls/${segment.uri}`)).status, segment.uri).to.equal(200);
    }
  });

  it("appears in the transcoder events, one line or document each", async () => {
    const lines = (await runCommand("transcoder", "events")).stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ {2,}/)[1])).to.deep.equal(["PROGRESSING", "COMPLETED"]);
    expect(lines[1]).to.match(/\d{13}-\w{6} {2}watermarks\/interview\.mov → 1080p\.mp4, 720p\.mp4/);
    const documents = (await runCommand("transcoder", "events", "--json")).stdout.trimEnd().split("\n");
    expect(documents.map((line) => JSON.parse(line).message.state)).to.deep.equal([
      "PROGRESSING",
      "COMPLETED",
    ]);
  });

  it("receives nothing after it unsubscribes", async () => {
    const [subscription = ""] = (await runCommand("transcoder", "subscriptions")).stdout
      .trimEnd()
      .split("\n");
    const [topic = "", url = ""] = subscription.split("  ");
    expect((await runCommand("transcoder", "unsubscribe", topic, url)).code).to.equal(0);
    expect((await runCommand("transcoder", "subscriptions")).stdout).to.equal("");
    expect((await runCommand("transcoder", "unsubscribe", topic, url)).code).to.equal(1);
  });

  it("can change its key during a rotation: the newest stays valid, the previous one expires", async () => {
    const read = async (key: z.infer<typeof keys>) => {
      const endpoint = `http://127.0.0.1:${runtime.port}`;
      const client = new ElasticTranscoderClient({ endpoint, region: "us-east-1", credentials: key });
      return client.send(new ListPipelinesCommand({})).then(
        ({ Pipelines = [] }) => Pipelines.length,
        (cause: unknown) => (cause instanceof Error ? cause.name : cause),
      );
    };
    const current = async () =>
      keys.parse(JSON.parse(await readFile(join(data, "transcoder-keys.json"), "utf8")));
    const first = await current();
    await runCommand("transcoder", "keys", "--rotate", "full");
    const second = await current();
    expect([await read(first), await read(second)]).to.deep.equal([2, 2]);
    const listed = await runCommand("transcoder", "keys", "--rotate", "full");
    const thirdKey = await current();
    expect(listed.stdout).to.equal(`${thirdKey.accessKeyId}  full\n${second.accessKeyId}  full\n`);
    expect([await read(first), await read(second), await read(thirdKey)]).to.deep.equal([
      "UnrecognizedClientException",
      2,
      2,
    ]);
  });

  it("receives pending messages after a kill -9 of the runtime, without delaying its jobs", async () => {
    const port = await freePort();
    const topic = "reelway-local-transcoder";
    await runCommand("transcoder", "subscribe", topic, `http://localhost:${port}/sns`);
    // Also the runtime's own client has changed its key.
    const put = await runCommand("upload", join(folder, "interview.mov"), "--prefix", "responses/");
    const id = put.stdout.trim().split(" ").at(-1) ?? "";
    const job = await pollUntil(async () => {
      const { status } = JSON.parse((await runCommand("job", id, "--json")).stdout);
      return ["Complete", "Error"].includes(status) ? status : undefined;
    });
    expect(job).to.equal("Complete");
    runtime.child.kill("SIGKILL");
    await runtime.exited;
    const subscriber = await startHttpSubscriber(port);
    runtime = await startReelway(data);
    const { headers, body } = await subscriber.take();
    await subscriber.close();
    expect(headers["x-amz-sns-topic-arn"]).to.equal(`arn:aws:sns:us-east-1:000000000000:${topic}`);
    expect(JSON.parse(JSON.parse(body).Message)).to.deep.include({ state: "COMPLETED" });
  });
});
