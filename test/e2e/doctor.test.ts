import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { reelway } from "./program.ts";

const document = z.strictObject({
  checks: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(["ok", "warning", "failure"]),
      message: z.string(),
      nextStep: z.string().nullable(),
    }),
  ),
});

/** PATH of these runs holds no ffmpeg, so the packaged one is found. */
describe("reelway doctor", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-doctor-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const parseChecks = (stdout: string) =>
    new Map(document.parse(JSON.parse(stdout)).checks.map((one) => [one.name, one]));

  it("warns about the packaged ffmpeg, passes the other checks and creates nothing", async () => {
    const { code, stdout, stderr } = await reelway(["doctor", "--port", "0", "--json"], folder);
    const checks = parseChecks(stdout);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(checks.get("ffmpeg")).to.include({ status: "warning" });
    expect(checks.get("ffmpeg")?.message).to.include("packaged build of 2018");
    for (const name of [
      "node",
      "ffprobe",
      "codecs",
      "HDR",
      "images",
      "data folder",
      "runtime",
      "data files",
      "database",
      "port",
    ])
      expect(checks.get(name)?.status, name).to.equal("ok");
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("fails for broken keys, a port in use and the folder of a stale lock, with instructions", async () => {
    const data = join(folder, "data");
    await mkdir(data);
    await writeFile(join(data, "transcoder-keys.json"), '{"accessKeyId"');
    await writeFile(join(data, "runtime.json"), '{"pid":1,"processStart":"never"}');
    await mkdir(join(data, "database"));
    await writeFile(join(data, "database/MANIFEST-000002"), "");
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stdout } = await reelway(["doctor", "--data", data, "--port", String(port)], folder);
    await new Promise((resolve) => server.close(resolve));
    expect(code).to.equal(1);
    expect(stdout)
      .to.include(`✖ data files   ${join(data, "transcoder-keys.json")} is not valid JSON`)
      .and.to.match(new RegExp(`✖ port +127\\.0\\.0\\.1:${port} is used by`))
      .and.to.include("! runtime")
      .and.to.match(/✖ database +.* is damaged: /)
      .and.to.include(`→ Run: npx reelway repair --data ${data}`)
      .and.to.include("→ ")
      .and.not.to.include("\u001b");
    expect((await readdir(data)).sort()).to.deep.equal(["database", "runtime.json", "transcoder-keys.json"]);
    expect(await readdir(join(data, "database"))).to.deep.equal(["MANIFEST-000002"]);
    expect(await readFile(join(data, "runtime.json"), "utf8")).to.include("never");
  });

  it("fails if the ffmpeg on PATH does not run, and exits with 2 for wrong usage", async () => {
    for (const name of ["ffmpeg", "ffprobe"]) {
      await writeFile(join(folder, name), "#!/bin/sh\nexit 3\n");
      await chmod(join(folder, name), 0o755);
    }
    const broken = await reelway(["doctor", "--port", "0", "--json"], folder, folder);
    expect(broken.code).to.equal(1);
    expect(parseChecks(broken.stdout).get("ffmpeg")?.message).to.include("does not run");
    expect((await reelway(["doctor", "--port", "x"], folder)).code).to.equal(2);
  });
});
