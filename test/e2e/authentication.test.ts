import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "./program.ts";

const listSchema = z.object({ jobs: z.array(z.looseObject({ status: z.string() })) });

describe("reelway start --auth", function () {
  this.timeout(60_000);
  let folder: string;
  let data: string;
  let runtime: RunningRuntime;
  const run = (...args: readonly string[]) => reelway([...args, "--data", data]);
  const listStatuses = async () =>
    listSchema.parse(JSON.parse((await run("jobs", "--json")).stdout)).jobs.map(({ status }) => status);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-auth-"));
    data = join(folder, "data");
    runtime = await startReelway(data, 0, "--auth");
    await makeClip(join(folder, "clip.mp4"), 1);
  });
  after(async () => {
    runtime?.child.kill("SIGTERM");
    await runtime?.exited;
    await rm(folder, { recursive: true, force: true });
  });

  it("names the way to the first user", () => {
    expect(runtime.output()).to.include(
      `No user and no token exists yet. To create a user: npx reelway users add NAME --operator --data ${data}\n`,
    );
  });

  it("lets the commands of the same user upload and list jobs", async () => {
    const { code, stderr } = await run("upload", join(folder, "clip.mp4"), "--prefix", "thumbnails/");
    expect(code, stderr).to.equal(0);
    const statuses = await pollUntil(async () => {
      const current = await listStatuses();
      const ended = current.filter((status) => ["Complete", "Error"].includes(status));
      return ended.length === 1 ? ended : undefined;
    });
    expect(statuses).to.deep.equal(["Complete"]);
  });

  it("names what a request without a token needs, and accepts one with a new token at once", async () => {
    const address = `http://127.0.0.1:${runtime.port}/output/thumb/clip.mp4.png`;
    const refused = await fetch(address);
    const { stdout: token } = await run("tokens", "create", "backup");
    const accepted = await fetch(address, { headers: { authorization: `Bearer ${token.trim()}` } });
    const otherFolder = await reelway([
      "jobs",
      "--port",
      String(runtime.port),
      "--data",
      join(folder, "other"),
    ]);

    expect(refused.status).to.equal(401);
    expect(await refused.text()).to.include("npx reelway tokens create NAME");
    expect({ status: accepted.status, type: accepted.headers.get("content-type") }).to.deep.equal({
      status: 200,
      type: "image/png",
    });
    expect(otherFolder).to.include({ code: 1, stdout: "" });
    expect(otherFolder.stderr).to.include("Send a bearer token");
  });

  it("prints where to sign in", () => {
    expect(runtime.output()).to.include(`http://127.0.0.1:${runtime.port}/sign-in`);
  });
});
