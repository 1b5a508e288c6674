import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import defaults from "../../reelway.config.ts";
import { liveFrameRate, startLiveOrigin } from "../docker/ffmpeg/highlights/live-origin.ts";
import { readFrameNumbers } from "../media/describe-clip-cutting.ts";
import { packagedPrograms } from "./media-programs.ts";
import { pollUntil, type RunningRuntime, startConfigured } from "./program.ts";
import { listProcesses } from "./runtime-folder.ts";

describe("channels of a running runtime", function () {
  this.timeout(120_000);
  const programs = packagedPrograms();
  let folder: string;
  let data: string;
  let live: Awaited<ReturnType<typeof startLiveOrigin>>;
  let runtime: RunningRuntime;
  /** Epoch seconds between which a person is shown. */
  let shown: { readonly from: number; readonly to: number };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-channels-"));
    data = join(folder, ".reelway");
    live = await startLiveOrigin({ programs, seconds: 14, segmentSeconds: 1, windowSize: 8 });
    const now = Date.now() / 1000;
    shown = { from: now + 6.5, to: now + 8.9 };
    const frames = [
      { time: 0, labels: [] },
      { time: shown.from, labels: [{ name: "Person", confidence: 90 }] },
      { time: shown.to, labels: [] },
    ];
    await writeFile(join(folder, "recorded.json"), JSON.stringify({ frames }));
    const channel = {
      stages: ["local"],
      detector: "recorded",
      recordedDetections: join(folder, "recorded.json"),
      clipLabels: ["Person"],
      maxGapSeconds: 1,
    };
    const channels = [
      { ...channel, name: "news", manifestUrl: live.manifestUrl },
      { ...channel, name: "off", manifestUrl: `${live.manifestUrl}.missing` },
    ];
    const configuration = JSON.stringify({ ...defaults, channels });
    await writeFile(join(folder, "reelway.config.ts"), `export default ${configuration};\n`);
    runtime = await startConfigured({ REELWAY_CONFIG: join(folder, "reelway.config.ts") }, [
      "--data",
      data,
      "--port",
      "0",
    ]);
  });
  after(async () => {
    runtime?.child.kill("SIGKILL");
    await live?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("are watched: an appearance becomes a clip of exactly its frames, and a notification each at start and end", async () => {
    const clips = join(data, "output/highlights/news");
    const clip = await pollUntil(async () =>
      (await readdir(clips).catch(() => [])).find((name) => name.endsWith(".mp4")),
    );

    const { numbers } = await readFrameNumbers(programs, join(clips, clip));
    expect(numbers).to.deep.equal(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(numbers.length).to.be.closeTo(Math.round((shown.to - shown.from) * liveFrameRate), 1);
    const notifications = (await readFile(join(data, "notifications.jsonl"), "utf8"))
      .split("\n")
      .filter((line) => line.includes("on news"));
    expect(notifications.map((line) => JSON.parse(line).subject)).to.deep.equal([
      "Reelway: Person on news started",
      "Reelway: Person on news ended",
    ]);
  });

  it("stop with the runtime, and a channel that cannot be read is reported", async () => {
    await pollUntil(async () => (/Channel off/.test(runtime.errors()) ? true : undefined));
    runtime.child.kill("SIGTERM");

    expect(await runtime.exited).to.equal(0);
    expect(await listProcesses(data, runtime)).to.deep.equal([]);
    expect(runtime.errors()).to.match(/^Warning: Channel off: .*404/m);
  });
});
