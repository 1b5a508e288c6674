import { expect } from "chai";
import { computePlanWeight } from "../../../../docker/ffmpeg/attempt/plan-weight.ts";
import { parseCreateJob } from "../../../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { Pipeline, TranscoderJob } from "../../../../pipeline/elastic-transcoder/jobs/job.ts";
import {
  buildFailedOutcome,
  buildReportedOutcome,
} from "../../../../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import { buildJobRecipe } from "../../../../pipeline/elastic-transcoder/jobs/job-recipe.ts";
import { findSystemPreset } from "../../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import {
  buildThumbnailKey,
  listOutputGroupKeys,
} from "../../../../pipeline/elastic-transcoder/transcode/output-keys.ts";

const pipelineId = "1111111111111-reelwy";
const config = { Bucket: "output", StorageClass: "Standard" as const, Permissions: [] };
const pipeline: Pipeline = {
  Id: pipelineId,
  Arn: "arn",
  Name: "reelway",
  Status: "Active",
  InputBucket: "input",
  Role: "role",
  Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
  ContentConfig: config,
  ThumbnailConfig: config,
};
const preset = (id: string): string => `1351620000001-${id}`;
const create = (body: object): TranscoderJob => {
  const request = parseCreateJob({ PipelineId: pipelineId, Input: { Key: "a.mp4" }, ...body });
  const presets = new Map(
    request.outputs.flatMap(({ PresetId }) => {
      const systemPreset = findSystemPreset(PresetId);
      return systemPreset === undefined ? [] : [[PresetId, systemPreset] as const];
    }),
  );
  const limits = { maxSourceMinutes: 10, maxVideoPixels: 1, maxImagePixels: 1 };
  return buildTranscoderJob(request, { pipeline, presets, limits, now: 0 });
};
const hls = { Key: "hls/a", PresetId: preset("200040") };

describe("the recipe of a transcoder job", () => {
  it("has complete keys, clips in seconds, and segments if a playlist needs them", () => {
    const job = create({
      Input: { Key: "a.mp4", TimeSpan: { StartTime: "00:01:30.500" } },
      OutputKeyPrefix: "show/",
      Outputs: [
        { ...hls, ThumbnailPattern: "t/{count}", Rotate: "90" },
        {
          Key: "b.ts",
          PresetId: preset("200050"),
          Composition: [{ TimeSpan: { StartTime: "5", Duration: "2.5" } }],
        },
        { Key: "c.ts", PresetId: preset("200050"), SegmentDuration: "4" },
      ],
      Playlists: [{ Name: "main", Format: "HLSv3", OutputKeys: ["hls/a"] }],
    });
    const { outputs, playlists } = buildJobRecipe(job);

    expect(outputs.map(({ preset: _, ...rest }) => rest)).to.deep.equal([
      {
        key: "show/hls/a",
        rotate: "90",
        thumbnailPattern: "show/t/{count}",
        segmentSeconds: 10,
        clip: { startSeconds: 90.5 },
      },
      { key: "show/b.ts", rotate: "auto", clip: { startSeconds: 5, durationSeconds: 2.5 } },
      { key: "show/c.ts", rotate: "auto", segmentSeconds: 4, clip: { startSeconds: 90.5 } },
    ]);
    expect(playlists).to.deep.equal([{ name: "show/main", format: "HLSv3", outputKeys: ["show/hls/a"] }]);
  });

  it("lists keys that are known in advance, and prefixes of numbered ones", () => {
    const [first, list] = listOutputGroupKeys(
      buildJobRecipe(
        create({
          Outputs: [{ ...hls, ThumbnailPattern: "t.{resolution}-{count}" }],
          Playlists: [{ Name: "hls/a", Format: "HLSv3", OutputKeys: ["hls/a"] }],
        }),
      ),
    );

    expect([first?.keys, list?.keys, list?.outputGroup]).to.deep.equal([
      ["hls/a.m3u8"],
      ["hls/a.m3u8"],
      "playlist hls/a",
    ]);
    expect(first?.numberedKeyPatterns.map(({ prefix }) => prefix)).to.deep.equal(["hls/a", "t."]);
    const matching = (key: string) => first?.numberedKeyPatterns.map(({ isMatch }) => isMatch(key));
    expect(matching("hls/a00012.ts")).to.deep.equal([true, false]);
    expect(matching("hls/a0012.ts")).to.deep.equal([false, false]);
    expect(matching("t.192x108-00001.png")).to.deep.equal([false, true]);
    expect(matching("tx192x108-00001.png")).to.deep.equal([false, false]);
    const size = { width: 192, height: 108 };
    expect(buildThumbnailKey("t.{resolution}-{count}", 1, size, "png")).to.equal("t.192x108-00001.png");
  });

  it("has a weight", () => {
    const weight = (...ids: readonly string[]) =>
      computePlanWeight(
        buildJobRecipe(
          create({ Outputs: ids.map((id, index) => ({ Key: String(index), PresetId: preset(id) })) }),
        ),
      );

    expect(weight("100070")).to.equal(1);
    expect(weight("100070", "300040")).to.equal(1.05);
    expect(weight("000001")).to.equal(2.25);
    expect(weight("100250")).to.be.greaterThan(weight("100240"));
  });

  it("is not MPEG-DASH for outputs with both video and audio, which players reject", () => {
    const create400 = () =>
      create({
        Outputs: [{ Key: "a", PresetId: preset("400010") }],
        Playlists: [{ Name: "main", Format: "MPEG-DASH", OutputKeys: ["a"] }],
      });

    expect(create400).to.throw(
      /'Playlists\.0': MPEG-DASH requires outputs with only video or only audio; output a has both/,
    );
  });
});

describe("the outcome of a job", () => {
  const job = create({
    OutputKeyPrefix: "p/",
    Outputs: [hls, { Key: "song", PresetId: preset("300040") }],
    Playlists: [{ Name: "hls/a", Format: "HLSv3", OutputKeys: ["hls/a"] }],
  });
  const error = { code: 3002, name: "OutputExists", message: "it exists", retryable: false };

  it("takes each output group's own result, even if a playlist shares its name", () => {
    const result = { key: "p/hls/a", bytes: 7 };
    const outcome = buildReportedOutcome(job, {
      outputs: [],
      warnings: [],
      outputGroups: [
        { key: "p/hls/a", output: result },
        { key: "p/song", error },
        { key: "p/hls/a", isPlaylist: true, error: { ...error, code: 1001, message: "dependency" } },
      ],
    });

    expect(outcome.status).to.equal("Error");
    expect(
      outcome.outputs.map((output) => [output.status, output.statusDetail, output.result]),
    ).to.deep.equal([
      ["Complete", undefined, result],
      ["Error", `3002 ${job.id}: it exists`, undefined],
    ]);
    expect(outcome.playlists.map(({ statusDetail }) => statusDetail)).to.deep.equal([
      `1001 ${job.id}: dependency`,
    ]);
  });

  it("is Complete only if all output groups are", () => {
    expect(
      buildReportedOutcome(job, { outputs: [], warnings: [], outputGroups: [{ key: "p/hls/a" }] }).status,
    ).to.equal("Complete");
  });

  it("keeps the reasons of failed outputs if nothing was produced", () => {
    const broken = { ...error, code: 4002, message: "broken" };
    const report = { outputs: [], warnings: [], error: broken, outputGroups: [{ key: "p/song", error }] };
    const outcome = buildFailedOutcome({ ...job, report }, broken);

    expect([...outcome.outputs, ...outcome.playlists].map(({ statusDetail }) => statusDetail)).to.deep.equal([
      `4002 ${job.id}: broken`,
      `3002 ${job.id}: it exists`,
      `4002 ${job.id}: broken`,
    ]);
  });
});
