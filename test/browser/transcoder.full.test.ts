import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateJobCommand,
  ElasticTranscoderClient,
  ReadJobCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { pipelineId } from "../../runtime/names.ts";
import { makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "../e2e/program.ts";
import { openBrowser } from "./browser.ts";
import { playHls } from "./hls-page.ts";

const keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });
const seconds = 6;
const presets = { "hls/2000": "200010", "hls/1000": "200030", "hls/sound": "200060" };

describe("the transcoder's playlists in a browser", function () {
  this.timeout(120_000);
  let folder: string;
  let browser: Browser;
  let runtime: RunningRuntime;
  let client: ElasticTranscoderClient;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-browser-"));
    const data = join(folder, "data");
    browser = await openBrowser();
    runtime = await startReelway(data);
    await makeClip(join(folder, "clip.mov"), seconds, "1280x720");
    // The clip is an ignored asset, so only the transcoder job processes it.
    await reelway(["upload", join(folder, "clip.mov"), "--prefix", "watermarks/", "--data", data]);
    const credentials = keys.parse(JSON.parse(await readFile(join(data, "transcoder-keys.json"), "utf8")));
    const endpoint = `http://127.0.0.1:${runtime.port}`;
    client = new ElasticTranscoderClient({ endpoint, region: "us-east-1", credentials });
  });
  after(async () => {
    await browser.close();
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await rm(folder, { recursive: true, force: true });
  });

  it("plays an HLSv3 playlist through hls.js to its last frame", async () => {
    const { Job: created } = await client.send(
      new CreateJobCommand({
        PipelineId: pipelineId,
        Input: { Key: "watermarks/clip.mov" },
        OutputKeyPrefix: "films/1/",
        Outputs: Object.entries(presets).map(([Key, id]) => ({
          Key,
          PresetId: `1351620000001-${id}`,
          SegmentDuration: "2",
        })),
        Playlists: [{ Name: "master", Format: "HLSv3", OutputKeys: Object.keys(presets) }],
      }),
    );
    const job = await pollUntil(async () => {
      const { Job: read } = await client.send(new ReadJobCommand({ Id: created?.Id }));
      return ["Complete", "Error", "Canceled"].includes(read?.Status ?? "") ? read : undefined;
    });
    expect(job.Status, JSON.stringify(job.Outputs)).to.equal("Complete");
    const played = await playHls(browser, `http://127.0.0.1:${runtime.port}/output/films/1/master.m3u8`);
    // Current Chromium skips what precedes the first keyframe of the first segment, under a fifth of a second.
    const skippedStart = /^bufferSeekOverHole .* seeking from 0 to 0\.1\d*$/;
    expect(played.errors.filter((error) => !skippedStart.test(error))).to.deep.equal([]);
    expect(played.endedAt).to.be.closeTo(seconds, 0.25);
    expect(played.height).to.be.greaterThan(300);
    expect(played.frames).to.be.greaterThan(10);
  });
});
