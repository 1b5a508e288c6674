import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { imageProgram } from "../../../build/package-directory.ts";
import type { JobOutput } from "../../../pipeline/attempts/report.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { buildJob } from "../../../pipeline/jobs/build-job.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import defaults from "../../../reelway.config.ts";
import { requireMediaPrograms } from "../../../runtime/media-programs.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { inspectJob } from "../../../terraform/smoke/inspect.ts";
import { planClips } from "../../../terraform/smoke/plan.ts";
import { makeClip } from "../../e2e/program.ts";
import { buildUploadEvent } from "../../pipeline/jobs/job-fixture.ts";

const configuration = parseConfiguration(defaults);
const deployment = findDeployment(configuration, "dev");
const name = "smoke-1";

describe("the output inspection of a smoke test", () => {
  let folder: string;
  let clip: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-inspect-"));
    clip = join(folder, "clip.mp4");
    await makeClip(clip, 1);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const inspect = async (outputs: readonly JobOutput[], lying: Readonly<Record<string, string>>) => {
    const objects = createLocalObjectStore({ directory: await mkdtemp(join(folder, "objects-")) });
    const sizes: Record<string, number> = {};
    for (const [key, file] of Object.entries(lying)) {
      const { bytes } = await objects.write(
        { bucket: deployment.outputBucket, key },
        { file },
        { contentType: "video/mp4" },
      );
      sizes[key] = bytes;
    }
    const [planned] = planClips(configuration, ["web"], name);
    if (planned === undefined) throw new Error("no plan");
    const baseJob = buildJob(planned.route, buildUploadEvent(planned.key), {
      configuration,
      outputBucket: deployment.outputBucket,
      now: "2026-11-21T03:00:00.000Z",
    });
    const job: Job = {
      ...baseJob,
      status: "Complete",
      // A size of 0 means the size of the stored object.
      outputs: outputs.map((output) => ({ ...output, bytes: output.bytes || (sizes[output.key] ?? 1) })),
    };
    const { maxSourceMinutes, maxVideoPixels, maxImagePixels } = configuration.limits;
    return inspectJob({ objects, deployment }, { ...planned, file: clip, job }, job, {
      ffprobe: requireMediaPrograms().ffprobe,
      imageProgram,
      limits: { maxSourceMinutes, maxVideoPixels, maxImagePixels },
      scratch: join(folder, "scratch"),
      signal: AbortSignal.timeout(10_000),
    });
  };

  it("reports what ffprobe finds, not the record", async () => {
    const { result, problems } = await inspect(
      [{ key: "a.mp4", bytes: 0, width: 1, height: 1, durationSeconds: 99, videoCodec: "vp9" }],
      { "a.mp4": clip },
    );
    expect(problems).to.deep.equal([]);
    const [output] = result.job.outputs;
    expect(output).to.include({
      key: "a.mp4",
      width: 320,
      height: 180,
      videoCodec: "h264",
      audioCodec: "aac",
    });
    expect(output?.durationSeconds).to.be.closeTo(1, 0.1);
    expect(result.probe?.durationSeconds).to.be.closeTo(1, 0.1);
  });

  it("checks a manifest by its size only", async () => {
    const text = join(folder, "list.m3u8");
    await writeFile(text, "#EXTM3U\n");
    const { result, problems } = await inspect([{ key: "list.m3u8", bytes: 0 }], { "list.m3u8": text });
    expect(problems).to.deep.equal([]);
    expect(result.job.outputs).to.deep.equal([{ key: "list.m3u8", bytes: 8 }]);
  });

  it("names missing outputs, outputs of another size and outputs that are not media", async () => {
    const text = join(folder, "text.mp4");
    await writeFile(text, "no film");
    const { problems } = await inspect(
      [
        { key: "missing.mp4", bytes: 5 },
        { key: "cut.mp4", bytes: 5 },
        { key: "text.mp4", bytes: 0 },
      ],
      { "cut.mp4": clip, "text.mp4": text },
    );
    expect(problems).to.have.length(3);
    expect(problems[0]).to.equal('route "web": missing.mp4 does not exist in reelway-dev-output');
    expect(problems[1]).to.match(/^route "web": cut\.mp4 has \d+ bytes, but the job record has 5$/);
    expect(problems[2]).to.equal('route "web": text.mp4 contains no media that ffprobe can read');
  });

  it("fails a complete job without outputs", async () => {
    const { problems } = await inspect([], {});
    expect(problems).to.deep.equal(['route "web": the job is Complete but has no outputs']);
  });
});
