import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import * as z from "zod";
import { watcherProgram } from "../../build/package-directory.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { requireMediaPrograms } from "../../runtime/media-programs.ts";
import { checkChannels } from "../../terraform/smoke/check-channels.ts";
import { openStage as openDeployedStage } from "../../terraform/smoke/stage.ts";
import type { Moto } from "../contract/moto.ts";
import { startRuntimeApi } from "../docker/ffmpeg/highlights/runtime-api.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import type { Stage } from "./stage.ts";

const configuration = parseConfiguration(wholeConfiguration);

const scheduleSchema = z.object({
  State: z.string(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string(),
  Target: z.object({ Arn: z.string(), DeadLetterConfig: z.object({ Arn: z.string() }) }),
});

/** Sends a request to a service of the emulator that has no client here. */
const request = async (
  { client: { endpoint } }: Moto,
  service: string,
  path: string,
  body?: URLSearchParams,
): Promise<string> => {
  const response = await fetch(`${endpoint}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/us-east-1/${service}/aws4_request`,
    },
    ...(body && { body }),
  });
  expect(response.status).to.equal(200);
  return response.text();
};

/** Tests of the channels in a stage's applied stacks. Their manifests do not exist. */
export const testChannels = (theStage: () => Stage): void => {
  const getFunctionName = (channel: string) => `${theStage().names.watcher}-${channel}`;
  const readFunction = (channel: string) =>
    new LambdaClient(theStage().moto.client).send(
      new GetFunctionConfigurationCommand({ FunctionName: getFunctionName(channel) }),
    );
  const check = async () => {
    const { deployment, moto } = theStage();
    const lines: string[] = [];
    const opened = openDeployedStage(deployment, moto.client);
    try {
      const problems = await checkChannels(opened, configuration, {
        report: (line) => lines.push(line),
      });
      return { lines, problems };
    } finally {
      opened.close();
    }
  };

  it("each channel has a function from the image, and an enabled schedule within its hours", async () => {
    const { moto, names } = theStage();
    const readSchedule = async (channel: string) =>
      scheduleSchema.parse(
        JSON.parse(await request(moto, "scheduler", `/schedules/${getFunctionName(channel)}`)),
      );
    for (const [channel, memory, expression, timeZone] of [
      ["news", 3008, "cron(0/2 20-23,0-3 * * ? *)", "Europe/Berlin"],
      ["sports", 2048, "rate(1 minutes)", "UTC"],
    ] as const) {
      const deployed = await readFunction(channel);
      const schedule = await readSchedule(channel);

      expect(deployed).to.include({ PackageType: "Image", MemorySize: memory, State: "Active" });
      expect(schedule).to.deep.include({
        State: "ENABLED",
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: timeZone,
      });
      expect(schedule.Target.Arn).to.equal(deployed.FunctionArn);
      expect(schedule.Target.DeadLetterConfig.Arn).to.match(new RegExp(`:${names.watcher}-dlq$`));
    }
  });

  it("the stage has the alarms of its channels", async () => {
    const body = new URLSearchParams({ Action: "DescribeAlarms", Version: "2010-08-01", MaxRecords: "100" });
    const response = await request(theStage().moto, "monitoring", "/", body);
    const alarms = [...response.matchAll(/<AlarmName>([^<]+)<\/AlarmName>/g)].map(([, name]) => name);
    expect(alarms).to.include.members(
      [
        "channel-lag",
        "detection-lag",
        "detection-failing",
        "detection-cap",
        "watcher-errors-news",
        "watcher-errors-sports",
      ].map((name) => `reelway-dev-${name}`),
    );
  });

  it("the watcher's program runs with the variables of its function, and the smoke test says what it found", async function () {
    this.timeout(120_000);
    const { moto, folder } = theStage();
    const { problems: before } = await check();
    const { Environment: environment } = await readFunction("sports");
    const api = await startRuntimeApi();
    const scratch = await mkdtemp(join(folder, "watcher-"));
    const { ffmpeg, ffprobe } = requireMediaPrograms();
    const child = spawn(process.execPath, [watcherProgram], {
      env: {
        ...environment?.Variables,
        SCRATCH_DIRECTORY: scratch,
        // The image has them in its path.
        FFMPEG_PATH: ffmpeg,
        FFPROBE_PATH: ffprobe,
        // AWS Lambda sets these; the endpoint alone is the emulator's.
        AWS_LAMBDA_RUNTIME_API: api.endpoint,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048",
        AWS_REGION: moto.client.region,
        AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
        AWS_ENDPOINT_URL: moto.client.endpoint,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    try {
      // It ends by itself before AWS Lambda would end it.
      const answer = await api.invoke("{}", Date.now() + 18_000);
      const { problems: after } = await check();

      expect(before).to.include(
        `Channel sports has never been watched. Check that its schedule is enabled, and read the log /aws/lambda/${getFunctionName("sports")}.`,
      );
      // A channel that could never be read is an error of the function, for its alarm.
      expect(answer).to.deep.include({ path: "error" });
      expect(JSON.stringify(answer.body)).to.include("live.example.com");
      expect(after.join("\n")).to.match(/^Channel sports: .*live\.example\.com/m);
      expect(await readdir(scratch)).to.deep.equal([]);
    } finally {
      child.kill("SIGTERM");
      await output;
      await api.close();
    }
  });
};
