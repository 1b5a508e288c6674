import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { buildDeploymentNames } from "../../../modules/names.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { buildJob } from "../../../pipeline/jobs/build-job.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import defaults from "../../../reelway.config.ts";
import { describeUnfinished } from "../../../terraform/smoke/troubleshooting.ts";
import { uploaded } from "../../pipeline/jobs/world.ts";

const configuration = parseConfiguration(defaults);
const { dev } = configuration.stages;

describe("what a smoke test says of a clip whose time is over", () => {
  const say = (name: string, key: string, change: Partial<Job> | undefined): string => {
    const route = configuration.routes.find((one) => one.name === name);
    if (dev === undefined || route === undefined) throw new Error("not in the configuration");
    const deployment = { ...dev, project: configuration.project, stage: "dev" };
    const made = buildJob(route, uploaded(key), {
      configuration,
      outputBucket: "output",
      now: "2026-11-21T03:00:00.000Z",
    });
    const job = change === undefined ? undefined : { ...made, ...change };
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
    it(`names, of one ${title}`, () => {
      const text = say(route, key, change);
      expect(text).to.match(new RegExp(`^route "${route}": `));
      for (const part of expected) expect(text).to.include(part);
    });

  it("names log groups, queues and a cluster that the stacks make", async () => {
    const stacks = await Promise.all(
      ["compute", "transcoder", "routing"].map((stack) =>
        readFile(new URL(`../../synth/snapshots/dev-${stack}.json`, import.meta.url), "utf8"),
      ),
    );
    const made = stacks.join("\n");
    const texts = [
      say("images", "images/a.png", undefined),
      say("audio", "a.wav", {}),
      say("audio", "a.wav", { status: "Progressing", engineJobId: "task" }),
      say("web", "a.mp4", { engineJobId: "1-a" }),
    ].join("\n");
    const named = [...texts.matchAll(/(?:log group|queue|--cluster) ([\w/-]+)/g)].map(([, name]) => name);
    expect(new Set(named)).to.have.property("size", 12);
    for (const name of named) expect(made, name).to.include(`"${name}"`);
  });
});
