import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { buildDeploymentNames } from "../../../modules/names.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { buildJob } from "../../../pipeline/jobs/build-job.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import defaults from "../../../reelway.config.ts";
import { describeUnfinished } from "../../../terraform/smoke/troubleshooting.ts";
import { buildUploadEvent } from "../../pipeline/jobs/job-fixture.ts";

const configuration = parseConfiguration(defaults);
const { dev } = configuration.stages;

describe("troubleshooting hints of a smoke test", () => {
  const describeClip = (name: string, key: string, change: Partial<Job> | undefined): string => {
    const route = configuration.routes.find((one) => one.name === name);
    if (dev === undefined || route === undefined) throw new Error("not in the configuration");
    const deployment = { ...dev, project: configuration.project, stage: "dev" };
    const baseJob = buildJob(route, buildUploadEvent(key), {
      configuration,
      outputBucket: "output",
      now: "2026-11-21T03:00:00.000Z",
    });
    const job = change === undefined ? undefined : { ...baseJob, ...change };
    return describeUnfinished(
      { deployment, names: buildDeploymentNames(deployment) },
      { route, key, job },
      15,
    );
  };

  for (const [title, route, key, change, expected] of [
    [
      "without a job: the router's log and dead-letter queue",
      "audio",
      "a.wav",
      undefined,
      [
        "no job was created for a.wav within 15 minutes",
        "/aws/lambda/reelway-dev-router and queue reelway-dev-router-dlq",
      ],
    ],
    [
      "that EventBridge should have started: its rule's queue and the stopped tasks",
      "images",
      "images/a.png",
      undefined,
      ["queue reelway-dev-route-images-dlq", "aws ecs list-tasks --cluster reelway-dev-workers"],
    ],
    [
      "that was claimed and not started: the router and the reconciler",
      "audio",
      "a.wav",
      {},
      ["is still Submitted", "/aws/lambda/reelway-dev-router", "/aws/lambda/reelway-dev-reconciler"],
    ],
    [
      "whose task has not begun: the task",
      "audio",
      "a.wav",
      { engineJobId: "arn:aws:ecs:us-east-1:1:task/x" },
      [
        "aws ecs describe-tasks --cluster reelway-dev-workers --tasks arn:aws:ecs:us-east-1:1:task/x --region us-east-1",
      ],
    ],
    [
      "that is at work: the worker's log",
      "audio",
      "a.wav",
      {
        status: "Progressing",
        engineJobId: "task",
        attempt: 2,
        progress: { percent: 40.6, phase: "encoding" },
      },
      [
        "is still Progressing after 15 minutes (attempt 2, 40 %, encoding)",
        "log group /reelway/reelway-dev-ffmpeg",
      ],
    ],
    ["that the transcoder was not given: the router", "web", "a.mp4", {}, ["/aws/lambda/reelway-dev-router"]],
    [
      "that the transcoder has: its dispatcher, its events and the worker",
      "web",
      "a.mp4",
      { engineJobId: "1-a" },
      [
        "/aws/lambda/reelway-dev-transcoder-dispatcher",
        "reelway-dev-transcoder-events-dlq",
        "/reelway/reelway-dev-ffmpeg",
      ],
    ],
  ] as const)
    it(`names, for a clip ${title}`, () => {
      const text = describeClip(route, key, change);
      expect(text).to.match(new RegExp(`^route "${route}": `));
      for (const phrase of expected) expect(text).to.include(phrase);
    });

  it("name log groups, queues and a cluster that exist in the stacks", async () => {
    const stacks = await Promise.all(
      ["compute", "transcoder", "routing"].map((stack) =>
        readFile(new URL(`../../synth/snapshots/dev-${stack}.json`, import.meta.url), "utf8"),
      ),
    );
    const stackText = stacks.join("\n");
    const texts = [
      describeClip("images", "images/a.png", undefined),
      describeClip("audio", "a.wav", {}),
      describeClip("audio", "a.wav", { status: "Progressing", engineJobId: "task" }),
      describeClip("web", "a.mp4", { engineJobId: "1-a" }),
    ].join("\n");
    const named = [...texts.matchAll(/(?:log group|queue|--cluster) ([\w/-]+)/g)].map(([, name]) => name);
    expect(new Set(named)).to.have.property("size", 12);
    for (const name of named) expect(stackText, name).to.include(`"${name}"`);
  });
});
