import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as z from "zod";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";
import { playbackSchema, shareSchema } from "../../pipeline/api/playback.ts";
import { sendRequest } from "../runtime/server/raw-request.ts";
import { makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "./program.ts";

const run = promisify(execFile);
const listSchema = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      source: z.object({ key: z.string() }),
      outputs: z.array(z.object({ key: z.string(), path: z.string().nullable() })),
    }),
  ),
});

describe("playback of a ladder from reelway start --auth", function () {
  this.timeout(120_000);
  let folder: string;
  let data: string;
  let runtime: RunningRuntime;
  let token: string;
  const command = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await reelway([...args, "--data", data]);
    expect(code, stderr).to.equal(0);
    return stdout.trim();
  };
  /** Sends a request of an operator. */
  const send = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, `http://127.0.0.1:${runtime.port}`), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
    });
  const findVideo = async (key: string) => {
    const { jobs } = listSchema.parse(JSON.parse(await command("jobs", "--json")));
    const job = jobs.find(({ source }) => source.key === key);
    const path = job?.outputs.find((output) => output.key.endsWith("/master.m3u8"))?.path;
    if (job === undefined || !path) throw new Error(`${key} has no ladder.`);
    return { id: job.id, path };
  };
  const readPlayback = async (response: Response) => {
    expect(response.status).to.equal(200);
    const cookies = response.headers.getSetCookie();
    return { ...playbackSchema.parse(await response.json()), cookies };
  };
  /** Counts the frames that ffprobe decodes. */
  const countFrames = async (source: string, ...options: readonly string[]): Promise<number> => {
    const { stdout } = await run(findMediaPrograms("").ffprobe, [
      ...["-v", "error", ...options],
      ...["-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames"],
      ...["-of", "csv=print_section=0", source],
    ]);
    return Number(/\d+/.exec(stdout)?.[0]);
  };

  /** Plays with ffprobe as an HTTP client that keeps cookies, by their path. Returns the number of frames. */
  const playFrames = (url: string, cookies: readonly string[]) =>
    countFrames(url, "-cookies", cookies.join("\n"));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-playback-"));
    data = join(folder, "data");
    runtime = await startReelway(data, 0, "--auth");
    token = await command("tokens", "create", "player", "--scope", "write");
    await makeClip(join(folder, "film?*.mkv"), 2);
    await makeClip(join(folder, "other.mkv"), 1);
    await command("upload", join(folder, "film?*.mkv"), join(folder, "other.mkv"));
    await pollUntil(async () => {
      const { jobs } = listSchema.parse(JSON.parse(await command("jobs", "--json")));
      return jobs.length === 2 && jobs.every(({ status }) => status === "Complete") ? jobs : undefined;
    });
  });
  after(async () => {
    runtime?.child.kill("SIGTERM");
    await runtime?.exited;
    await rm(folder, { recursive: true, force: true });
  });

  it("plays every frame through the cookies of its folder, and no other folder", async () => {
    const { id, path } = await findVideo("film?*.mkv");
    const film = await readPlayback(await send(`/videos/${id}/playback`, { method: "POST" }));
    const { id: otherId } = await findVideo("other.mkv");
    const other = await readPlayback(await send(`/videos/${otherId}/playback`, { method: "POST" }));

    expect(film.kind).to.equal("hls");
    expect(new URL(film.url).pathname).to.equal("/output/output/film%3F%2A.mkv/master.m3u8");
    expect(await playFrames(film.url, film.cookies)).to.equal(await countFrames(path));
    const cookie = film.cookies.map((text) => text.split(";")[0]).join("; ");
    const poster = await fetch(film.poster ?? "", { headers: { cookie } });
    expect([poster.status, poster.headers.get("content-type")]).to.deep.equal([200, "image/jpeg"]);
    expect(await playFrames(film.url, other.cookies).catch(String)).to.include("401 Unauthorized");
    const foreign = await fetch(other.url, { headers: { cookie } });
    expect(foreign.status).to.equal(403);
    expect(await foreign.json()).to.include({ type: "/problems/invalid-signature" });
  });

  it("plays a shared video without a token", async () => {
    const { id, path } = await findVideo("other.mkv");
    const created = await send(`/videos/${id}/shares`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ expiresInSeconds: 3600 }),
    });
    const { url } = shareSchema.parse(await created.json());
    const { url: video, cookies } = await readPlayback(await fetch(url));
    const navigation = await sendRequest(runtime.port, new URL(url).pathname, {
      headers: { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" },
    });

    expect(await playFrames(video, cookies)).to.equal(await countFrames(path));
    const viewPath = new URL(url).pathname.replace("/shares/", "/shared/");
    expect([navigation.status, navigation.headers.location]).to.deep.equal([303, viewPath]);
  });
});
