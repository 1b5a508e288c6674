import { execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateJobCommand, ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import * as z from "zod";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { pipelineId } from "../../runtime/names.ts";
import { makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "../e2e/program.ts";

/** A real volume that runs full under a runtime; to mount it takes root. */
describe("a data folder on a full disk", function () {
  this.timeout(180_000);
  let root: string;
  let data: string;
  let runtime: RunningRuntime | undefined;
  const getBallastPath = () => join(data, "ballast");

  /** Fills the volume but for so many bytes; what the runtime writes meanwhile may leave none at all. */
  const fill = async (leaveBytes: number): Promise<void> => {
    const { bavail, bsize } = await statfs(data);
    await writeFile(getBallastPath(), Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes))).catch(
      (cause: unknown) => {
        if (getSystemErrorCode(cause) !== "ENOSPC") throw cause;
      },
    );
  };
  const waitForLine = (text: string) =>
    pollUntil(async () => (runtime?.errors().includes(text) ? true : undefined));
  const listStatuses = async (): Promise<readonly string[]> => {
    const { stdout } = await reelway(["jobs", "--json", "--data", data]);
    return JSON.parse(stdout).jobs.map(({ status }: { status: string }) => status);
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-full-"));
    data = join(root, "data");
    await mkdir(data);
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", data]);
    await makeClip(join(root, "clip.mp4"), 1);
  });
  after(async () => {
    runtime?.child.kill("SIGTERM");
    await runtime?.exited;
    execFileSync("/bin/umount", ["-l", data]);
    await rm(root, { recursive: true, force: true });
  });

  it("pauses intake, reports the full volume and resumes once there is space", async () => {
    runtime = await startReelway(data);
    await fill(1_000_000);
    await waitForLine("is full");
    expect(runtime.errors()).to.match(new RegExp(`The disk of ${data} is full: .* free, .* needed`));

    const refused = await reelway(["upload", join(root, "clip.mp4"), "--data", data]);
    expect([refused.code, refused.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes("Free some space"),
    );
    await copyFile(join(root, "clip.mp4"), join(data, "input/dropped.mp4"));

    await rm(getBallastPath());
    await waitForLine("has space again");
    await pollUntil(async () => ((await listStatuses()).includes("Complete") ? true : undefined));
    expect(await listStatuses()).to.deep.equal(["Complete"]);
  });

  it("continues after failed database writes", async () => {
    const keys = z
      .object({ accessKeyId: z.string(), secretAccessKey: z.string() })
      .parse(JSON.parse(await readFile(join(data, "transcoder-keys.json"), "utf8")));
    const transcoder = new ElasticTranscoderClient({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${runtime?.port}`,
      credentials: keys,
      maxAttempts: 1,
    });
    await fill(0);
    // Each job is a write of the database: what is left of its last page takes a few.
    for (let count = 0; runtime?.errors().includes("cannot be used") === false; count += 1)
      await transcoder
        .send(
          new CreateJobCommand({
            PipelineId: pipelineId,
            Input: { Key: "dropped.mp4" },
            Output: { Key: `copy-${count}.mp4`, PresetId: "1351620000001-100070" },
          }),
        )
        .catch(() => undefined);
    transcoder.destroy();
    await rm(getBallastPath());
    await waitForLine("The database is available again");
    await copyFile(join(root, "clip.mp4"), join(data, "input/second.mp4"));
    await pollUntil(async () =>
      (await listStatuses()).filter((status) => status === "Complete").length === 2 ? true : undefined,
    );
    expect(runtime?.child.exitCode).to.equal(null);
  });
});
