import { join } from "node:path";
import { expect } from "chai";
import * as hls from "hls-parser";
import { localTableNames } from "../../adapters/local/database.ts";
import { renderJob } from "../../pipeline/elastic-transcoder/api/render.ts";
import { parseCreateJob } from "../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import { buildReportedOutcome } from "../../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { type Bench, makeMedia, openBench } from "./worker-bench.ts";

const pipelineId = "1111111111111-reelwy";
const config = { Bucket: "output", StorageClass: "Standard" as const, Permissions: [] };
const pipeline: Pipeline = {
  Id: pipelineId,
  Arn: `arn:aws:elastictranscoder:us-east-1:000000000000:pipeline/${pipelineId}`,
  Name: "reelway",
  Status: "Active",
  InputBucket: "input",
  OutputBucket: "output",
  Role: "arn:aws:iam::000000000000:role/reelway",
  Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
  ContentConfig: config,
  ThumbnailConfig: config,
};
const preset = (id: string): string => `1351620000001-${id}`;

describe("a transcoder job in the real worker", function () {
  this.timeout(180_000);
  let bench: Bench;
  let clip = "";
  before(async () => {
    bench = await openBench();
    clip = join(bench.root, "clip.mp4");
    makeMedia(
      ...["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=5", "-f", "lavfi", "-i", "sine=d=5"],
      ..."-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 30 -c:a aac".split(" "),
      clip,
    );
    makeMedia("-f", "lavfi", "-i", "color=red:s=32x32", "-frames:v", "1", join(bench.root, "logo.png"));
    await bench.put("clip.mp4", clip);
    await bench.put("logo.png", join(bench.root, "logo.png"));
  });
  after(() => bench.close());

  /** Creates a job and runs a worker on it; returns the stored job and the worker's exit code. */
  const runJob = async (
    body: object,
    its = pipeline,
  ): Promise<{ readonly code: number | null; readonly job: TranscoderJob; readonly log: string }> => {
    const request = parseCreateJob({ PipelineId: pipelineId, ...body });
    const presets = new Map(
      request.outputs.flatMap(({ PresetId }) => {
        const systemPreset = findSystemPreset(PresetId);
        return systemPreset === undefined ? [] : [[PresetId, systemPreset] as const];
      }),
    );
    const limits = { maxSourceMinutes: 10, maxVideoPixels: 1e8, maxImagePixels: 1e8 };
    const { id, attempt } = await bench.transcoder.create(
      buildTranscoderJob(request, { pipeline: its, presets, limits, now: Date.now() }),
    );
    const { code, log } = await bench.run({ id, attempt }, { JOB_TABLE: localTableNames.transcoder });
    const job = await bench.transcoder.read(id);
    if (job === undefined) throw new Error(`There is no job ${id}.`);
    return { code, job, log };
  };
  const buildOutcome = (job: TranscoderJob) => {
    if (job.report === undefined) throw new Error("The worker reported nothing.");
    return renderJob(
      { ...job, ...buildReportedOutcome(job, job.report) },
      { region: "us-east-1", account: "000000000000" },
    );
  };
  const readText = async (key: string): Promise<string> => {
    const body = await bench.objects.read({ bucket: "output", key });
    return Buffer.concat(await body.toArray()).toString();
  };
  const keysUnder = async (prefix: string): Promise<readonly string[]> =>
    (await bench.outputs()).filter((key) => key.startsWith(prefix));

  describe("with ten outputs, two of which fail", () => {
    let code: number | null = null;
    let job: TranscoderJob;
    before(async () => {
      const existing = join(bench.root, "logo.png");
      await bench.objects.write(
        { bucket: "output", key: "show/dash/taken.mp4" },
        { file: existing },
        { contentType: "image/png", metadata: { mine: "yes" } },
      );
      const segments = { SegmentDuration: "2" };
      const work1 = await runJob({
        Input: { Key: "clip.mp4" },
        OutputKeyPrefix: "show/",
        Outputs: [
          {
            Key: "hls/high",
            PresetId: preset("200040"),
            ThumbnailPattern: "thumbs/{count}-{resolution}",
            ...segments,
          },
          { Key: "hls/low", PresetId: preset("200050"), ...segments },
          { Key: "hls/sound", PresetId: preset("200071"), ...segments },
          { Key: "dash/high.mp4", PresetId: preset("500040"), ...segments },
          { Key: "dash/sound.mp4", PresetId: preset("500060"), ...segments },
          { Key: "dash/taken.mp4", PresetId: preset("500050"), ...segments },
          {
            Key: "marked.mp4",
            PresetId: preset("000061"),
            Watermarks: [{ PresetWatermarkId: "TopLeft", InputKey: "logo.png" }],
          },
          {
            Key: "unmarked.mp4",
            PresetId: preset("000061"),
            Watermarks: [{ PresetWatermarkId: "TopLeft", InputKey: "nowhere.png" }],
          },
          { Key: "song.mp3", PresetId: preset("300040") },
          { Key: "small.mp4", PresetId: preset("400080"), Rotate: "90" },
        ],
        Playlists: [
          { Name: "main", Format: "HLSv3", OutputKeys: ["hls/high", "hls/low", "hls/sound"] },
          { Name: "films", Format: "MPEG-DASH", OutputKeys: ["dash/high.mp4", "dash/sound.mp4"] },
          { Name: "broken", Format: "MPEG-DASH", OutputKeys: ["dash/taken.mp4", "dash/sound.mp4"] },
        ],
      });
      ({ code, job } = work1);
    });

    it("ends each output and playlist separately", () => {
      const { Outputs, Playlists, Status } = buildOutcome(job);
      const states = [...Outputs, ...Playlists].map(({ Status: state, StatusDetail }) => [
        state,
        StatusDetail?.slice(0, 4),
      ]);

      expect(code).to.equal(0);
      expect(Status).to.equal("Error");
      expect(states).to.deep.equal([
        ["Complete", undefined],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Error", "3002"],
        ["Complete", undefined],
        ["Error", "4003"],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Complete", undefined],
        ["Error", "1001"],
      ]);
    });

    it("publishes successful outputs and nothing of failed ones", async () => {
      expect(await keysUnder("show/")).to.have.members([
        ...["show/dash/high.mp4", "show/dash/sound.mp4", "show/dash/taken.mp4", "show/films.mpd"],
        ...["high", "low"].flatMap((name) => [
          `show/hls/${name}.m3u8`,
          `show/hls/${name}00000.ts`,
          `show/hls/${name}00001.ts`,
        ]),
        ...[
          "show/hls/sound.m3u8",
          "show/hls/sound00000.ts",
          "show/hls/sound00001.ts",
          "show/hls/sound00002.ts",
        ],
        ...["show/main.m3u8", "show/marked.mp4", "show/small.mp4", "show/song.mp3"],
        "show/thumbs/00001-192x108.png",
      ]);
      const foreignObject = await bench.objects.head({ bucket: "output", key: "show/dash/taken.mp4" });
      expect(foreignObject?.metadata).to.deep.equal({ mine: "yes" });
      expect(await bench.leftovers()).to.deep.equal([]);
    });

    it("reports what it found of the source and of each output", async () => {
      const { Input, Outputs } = buildOutcome(job);
      const [high, , audioOutput] = Outputs;
      const sizes = await Promise.all(
        (await keysUnder("show/hls/high")).map(
          async (key) => (await bench.objects.head({ bucket: "output", key }))?.bytes ?? 0,
        ),
      );

      expect(Input.DetectedProperties).to.deep.include({
        Width: 320,
        Height: 180,
        FileSize: await bench.bytesOf(clip),
      });
      expect({
        Width: high?.Width,
        Height: high?.Height,
        FrameRate: high?.FrameRate,
        Duration: high?.Duration,
      }).to.deep.equal({ Width: 320, Height: 180, FrameRate: "30", Duration: 5 });
      expect(high?.FileSize).to.equal(sizes.reduce((sum, bytes) => sum + bytes, 0));
      expect({
        Width: audioOutput?.Width,
        FrameRate: audioOutput?.FrameRate,
        Duration: audioOutput?.Duration,
      }).to.deep.equal({
        Width: undefined,
        FrameRate: undefined,
        Duration: 5,
      });
    });

    it("writes playlists whose entries all exist", async () => {
      const main = hls.parse(await readText("show/main.m3u8"));
      const media = hls.parse(await readText("show/hls/high.m3u8"));
      if (!main.isMasterPlaylist || !("segments" in media)) throw new Error("not the playlists expected");

      expect(main.variants.map(({ uri }) => uri)).to.deep.equal([
        "hls/high.m3u8",
        "hls/low.m3u8",
        "hls/sound.m3u8",
      ]);
      expect(media.segments.map(({ uri }) => uri)).to.deep.equal(["high00000.ts", "high00001.ts"]);
    });
  });

  it("fails if every output fails, with a reason for each", async () => {
    const output = { PresetId: preset("000061") };
    const { code, job } = await runJob({
      Input: { Key: "clip.mp4", TimeSpan: { StartTime: "00:01:00.000", Duration: "5" } },
      Outputs: [
        { ...output, Key: "late/a.mp4" },
        { ...output, Key: "late/b.mp4" },
      ],
    });

    expect([code, job.report?.error?.code]).to.deep.equal([65, 4014]);
    expect(job.report?.outputGroups?.map(({ error }) => error?.code)).to.deep.equal([4014, 4014]);
    expect(await keysUnder("late/")).to.deep.equal([]);
  });

  it("produces the rest of a clip that is shorter than requested, with a warning", async () => {
    const { job } = await runJob({
      Input: { Key: "clip.mp4", TimeSpan: { StartTime: "4", Duration: "30" } },
      Outputs: [{ Key: "rest/a.mp4", PresetId: preset("000061") }],
    });

    expect(job.report?.error).to.equal(undefined);
    expect(job.report?.outputs[0]?.durationSeconds).to.be.closeTo(1, 0.15);
    expect(job.report?.warnings).to.deep.equal(["The source ends before the clip's 30 s"]);
  });

  it("writes thumbnails to the pipeline's thumbnail bucket", async () => {
    const its = { ...pipeline, ThumbnailConfig: { ...config, Bucket: "stills" } };
    const { code, log } = await runJob(
      {
        Input: { Key: "clip.mp4" },
        OutputKeyPrefix: "apart/",
        Outputs: [{ Key: "web.mp4", PresetId: preset("100070"), ThumbnailPattern: "web-{count}" }],
      },
      its,
    );
    expect(code, log).to.equal(0);
    expect(await keysUnder("apart/")).to.deep.equal(["apart/web.mp4"]);
    const stills: string[] = [];
    for await (const { key } of bench.objects.list("stills", "")) stills.push(key);
    expect(stills).to.deep.equal(["apart/web-00001.png"]);
  });
});
