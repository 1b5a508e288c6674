import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { type BenchEnvironment, openBenchEnvironment } from "../../bench/environment.ts";
import { buildImage, type ContainerImage } from "./container-image.ts";

/** The user that docker/ffmpeg/Dockerfile names. */
const user = 10_001;

describe("the worker image", function () {
  this.timeout(600_000);
  let image: ContainerImage;
  let machine: BenchEnvironment;
  before(async () => {
    image = await buildImage();
    machine = await openBenchEnvironment();
  });
  after(async () => {
    await machine?.close();
    await image?.remove();
  });

  it("runs as an ordinary user without a shell, with a scratch volume", async () => {
    expect(await image.inspect("{{.Config.User}}")).to.equal(`${user}:${user}`);
    expect(await image.inspect("{{json .Config.Entrypoint}}")).to.equal(
      '["/usr/bin/node","--enable-source-maps","/app/worker.cjs"]',
    );
    expect(await image.inspect("{{json .Config.Volumes}}")).to.equal('{"/scratch":{}}');
  });

  it("is at most 200 MB compressed", async () => {
    const bytes = await image.compressedBytes();

    console.log(`      compressed: ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).to.be.at.most(200e6);
  });

  it("runs a recipe with a read-only root", async () => {
    const source = join(machine.root, "clip.mp4");
    const videoSource = "testsrc=size=320x180:rate=25:duration=3";
    execFileSync(machine.programs.ffmpeg, ["-loglevel", "error", "-f", "lavfi", "-i", videoSource, source]);
    const job = await machine.claim({ name: "thumbnail", at: { seconds: 2 } }, source, ["thumb/{name}.png"]);
    // The container's user is another than this process's: the socket's folder is closed to it.
    const socketFolder = dirname(machine.socket);
    execFileSync("chown", ["-R", String(user), machine.root, socketFolder]);

    const { code, output } = await image.run(
      {
        ...machine.definition,
        SCRATCH_DIRECTORY: "/scratch",
        JOB_ID: job.id,
        JOB_TABLE: machine.definition.JOBS_TABLE,
        JOB_ATTEMPT: String(job.attempt),
      },
      [machine.root, socketFolder],
    );

    expect(code, output).to.equal(0);
    const report = (await machine.store.read(job.id))?.report;
    expect(report?.error).to.equal(undefined);
    expect(report?.outputs.map(({ key }) => key)).to.deep.equal(job.specification?.outputKeys);
    expect(
      await machine.objects.head({ bucket: "output", key: job.specification?.outputKeys[0] ?? "" }),
    ).to.include({
      contentType: "image/png",
    });
  });
});
