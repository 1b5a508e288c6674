import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import type { VideoDocument, VideoList } from "../../pipeline/api/video-document.ts";
import { collect } from "../contract/collect.ts";
import { makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "./program.ts";

describe("videos of a runtime", function () {
  this.timeout(120_000);
  let folder: string;
  let data: string;
  let runtime: RunningRuntime;
  let headers: Record<string, string>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-videos-"));
    data = join(folder, "data");
    runtime = await startReelway(data, 0, "--auth");
    const { stdout } = await reelway(["tokens", "create", "test", "--scope", "write", "--data", data]);
    headers = { authorization: `Bearer ${stdout.trim()}` };
    await makeClip(join(folder, "clip.mp4"), 1);
  });
  after(async () => {
    runtime?.child.kill("SIGTERM");
    await runtime?.exited;
    await rm(folder, { recursive: true, force: true });
  });

  const send = (path: string, method = "GET") =>
    fetch(`http://127.0.0.1:${runtime.port}${path}`, { method, headers });
  const listVideos = async (): Promise<VideoList> => JSON.parse(await (await send("/videos")).text());
  const waitForVideo = (): Promise<VideoDocument> =>
    pollUntil(async () => (await listVideos()).videos.find(({ status }) => status === "Complete"));
  const listFiles = async (path: string) =>
    (await readdir(join(data, path), { recursive: true })).filter((name) => !name.startsWith("."));
  const listVersions = async () => {
    const objects = createLocalObjectStore({ directory: join(data, "objects") });
    const buckets = await readdir(join(data, "objects"));
    const versions = await Promise.all(
      buckets
        .filter((name) => !name.startsWith("."))
        .map((bucket) => collect(objects.listVersions(bucket, ""))),
    );
    return versions.flat().map(({ key }) => key);
  };

  it("appear with their URLs, and leave nothing behind when they are deleted", async () => {
    await copyFile(join(folder, "clip.mp4"), join(data, "input", "Big talk.mp4"));
    const video = await waitForVideo();
    expect(video).to.deep.include({
      key: "Big talk.mp4",
      title: "Big talk",
      supersededBy: null,
      ownerId: null,
    });
    expect(video.durationSeconds).to.be.within(0.9, 1.2);
    expect(video.playables.map(({ kind }) => kind)).to.deep.equal(["file"]);
    const [{ url = "" } = {}] = video.playables;
    expect(url).to.match(/^\/output\/output\/web\/Big%20talk\.mp4\?expires=\d+&signature=[\w-]+$/);
    // The signature is enough.
    const played = await fetch(`http://127.0.0.1:${runtime.port}${url}`);
    expect([played.status, played.headers.get("content-type")]).to.deep.equal([200, "video/mp4"]);
    await played.arrayBuffer();
    expect(await listVersions()).to.have.members(["Big talk.mp4", "output/web/Big talk.mp4"]);

    const unconfirmed = await send(`/videos/${video.id}`, "DELETE");
    const { type, confirmation } = JSON.parse(await unconfirmed.text());
    expect([unconfirmed.status, type]).to.deep.equal([409, "/problems/confirmation-required"]);
    expect(confirmation).to.deep.include({ scope: "upload", jobs: 1 });
    expect([confirmation.sources.count, confirmation.outputs.count]).to.deep.equal([1, 1]);
    expect((await listVideos()).videos).to.have.length(1);

    const path = `/videos/${video.id}?confirmation=${confirmation.token}`;
    expect((await send(path, "DELETE")).status).to.equal(204);
    expect((await send(path, "DELETE")).status).to.equal(204);
    expect((await send(`/videos/${video.id}`)).status).to.equal(404);
    expect((await send(`/videos/${video.id}`, "DELETE")).status).to.equal(404);
    expect((await listVideos()).videos).to.deep.equal([]);
    expect(await listVersions()).to.deep.equal([]);
    expect([await listFiles("input"), await listFiles("output")]).to.deep.equal([[], []]);
  });

  it("do not come back with the next start, and the same file can be uploaded again", async () => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    runtime = await startReelway(data, 0, "--auth");
    expect((await listVideos()).videos).to.deep.equal([]);
    await copyFile(join(folder, "clip.mp4"), join(data, "input", "Big talk.mp4"));
    expect(await waitForVideo()).to.include({ key: "Big talk.mp4" });
  });
});
