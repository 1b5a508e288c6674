import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { buildJob } from "../../../pipeline/jobs/build-job.ts";
import { computeJobId } from "../../../pipeline/jobs/job-id.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import defaults from "../../../reelway.config.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import { cleanUp } from "../../../terraform/smoke/clean-up.ts";
import { planClips } from "../../../terraform/smoke/plan.ts";
import { type DeployedStage, openStage } from "../../../terraform/smoke/stage.ts";
import {
  type Answer,
  type Call,
  type ScriptedService,
  startScriptedService,
} from "../../adapters/aws/scripted-service.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../../pipeline/jobs/job-fixture.ts";

const buildXmlAnswer = (body: string, status = 200): Answer => ({
  status,
  headers: { "Content-Type": "application/xml" },
  body: `<?xml version="1.0"?>${body}`,
});
const emptyListing = buildXmlAnswer("<ListVersionsResult/>");
const denied = buildXmlAnswer("<Error><Code>AccessDenied</Code><Message>not allowed</Message></Error>", 403);

const configuration = parseConfiguration(defaults);
const deployment = findDeployment(configuration, "dev");
const [planned] = planClips(configuration, ["audio"], "smoke-1");
if (planned === undefined) throw new Error("no plan");
const source = buildUploadEvent(planned.key);
const id = computeJobId(source, "audio");
const artifacts = {
  plannedClips: [planned],
  uploadedClips: [{ ...planned, file: "clip.wav", jobId: id }],
  watermark: "watermarks/smoke-1.png",
};

describe("the clean-up of a smoke test", () => {
  let fixture: JobFixture;
  let service: ScriptedService | undefined;
  let stage: DeployedStage | undefined;
  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(async () => {
    stage?.close();
    await service?.close();
    await fixture.close();
  });
  const runCleanUp = async (answer: (call: Call) => Answer) => {
    service = await startScriptedService(answer);
    stage = { ...openStage(deployment, service.client), jobs: fixture.ports.jobs };
    return cleanUp(stage, artifacts, 10);
  };

  it("searches only the run's own names in both buckets", async () => {
    expect(await runCleanUp(() => emptyListing)).to.deep.equal({ removed: 0, remaining: [] });
    expect(
      service?.calls.map(({ path, query }) => `${path.split("/")[1]} ${query.get("prefix")}`),
    ).to.deep.equal([
      "reelway-dev-input smoke-1",
      "reelway-dev-input watermarks/smoke-1.png",
      "reelway-dev-output audio/smoke-1",
    ]);
  });

  it("names objects that cannot be deleted with reasons, and deletes the rest", async () => {
    fixture.fail("jobs.read", new StoreFailure("denied", "no reading"));
    const { remaining } = await runCleanUp(({ path }) => (path.includes("input") ? denied : emptyListing));
    expect(remaining).to.have.length(3);
    expect(remaining[0]).to.match(
      /^The job of smoke-1\/smoke-1\.wav could not be canceled.*audio\/smoke-1 of reelway-dev-output: no reading$/,
    );
    expect(remaining[1]).to.match(
      /^Objects with the prefix s3:\/\/reelway-dev-input\/smoke-1: .*not allowed$/,
    );
    expect(remaining[2]).to.include("s3://reelway-dev-input/watermarks/smoke-1.png");
    expect(service?.calls).to.have.length(3);
  });

  it("cancels open jobs, and searches again while a worker may be stopping", async () => {
    const jobContext = { configuration, outputBucket: "output", now: "2026-11-21T03:00:00.000Z" };
    await fixture.ports.jobs.claim(buildJob(planned.route, source, jobContext));
    const late = buildXmlAnswer(
      "<ListVersionsResult><Version><Key>audio/smoke-1/late.m4a</Key><VersionId>v</VersionId></Version></ListVersionsResult>",
    );
    let lists = 0;
    const { removed, remaining } = await runCleanUp(({ method, path }) => {
      if (method === "POST") return buildXmlAnswer("<DeleteResult/>");
      lists += path.includes("output") ? 1 : 0;
      return path.includes("output") && lists === 2 ? late : emptyListing;
    });
    expect({ removed, left: remaining }).to.deep.equal({ removed: 1, left: [] });
    expect((await fixture.ports.jobs.read(id))?.status).to.equal("Canceled");
  });
});
