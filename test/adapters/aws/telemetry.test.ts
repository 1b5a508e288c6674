import { expect } from "chai";
import sinon from "sinon";
import * as z from "zod";
import { createLineLogger } from "../../../adapters/aws/logger.ts";
import { createTelemetry, withTelemetry } from "../../../adapters/aws/telemetry.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { invocationContext } from "../../lambdas/invocation-context.ts";

const entrySchema = z.looseObject({});
const parseLines = (lines: readonly string[]) => lines.map((line) => entrySchema.parse(JSON.parse(line)));

describe("a line of the log", () => {
  const logOne = (write: (log: ReturnType<typeof createLineLogger>) => void) => {
    const lines: string[] = [];
    write(createLineLogger("router", (line) => lines.push(line)));
    const [entry = {}] = parseLines(lines);
    return entry;
  };

  it("has level, service, time, message and the fields that are given", () => {
    const { timestamp, ...entry } = logOne((log) => log.warn("A job waits", { jobId: "j", attempt: 2 }));

    expect(entry).to.deep.include({
      level: "WARN",
      service: "router",
      message: "A job waits",
      jobId: "j",
      attempt: 2,
    });
    expect(new Date(String(timestamp)).toISOString()).to.equal(timestamp);
  });

  it("has name, message, stack and causes of an error, of a job's failure too", () => {
    const cause = new TypeError("socket hang up");
    const error = new JobFailure(3000, "The source could not be read.", { retryable: true, cause });

    const entry = logOne((log) => log.error("The attempt failed", { error }));

    expect(entry.error).to.deep.include({
      name: "StorageError",
      message: "The source could not be read.",
      code: 3000,
      retryable: true,
      stack: error.stack,
    });
    expect(entry.error).to.have.nested.property("cause.name", "TypeError");
    expect(entry.error).to.have.nested.property("cause.message", "socket hang up");
    expect(entry.error).to.have.nested.property("cause.stack", cause.stack);
  });
});

describe("a handler with telemetry", () => {
  const stageBefore = process.env.STAGE;
  before(() => {
    process.env.STAGE = "reelway-dev";
  });
  after(() => {
    if (stageBefore === undefined) delete process.env.STAGE;
    else process.env.STAGE = stageBefore;
  });

  /** Calls a handler once, and answers what it wrote to the console. */
  const call = async (handle: (telemetry: ReturnType<typeof createTelemetry>) => Promise<unknown>) => {
    const lines: string[] = [];
    const keep = (chunk: unknown): boolean => lines.push(...String(chunk).trim().split("\n")) > 0;
    const streams = [sinon.stub(process.stdout, "write"), sinon.stub(process.stderr, "write")];
    for (const stream of streams) stream.callsFake(keep);
    try {
      const telemetry = createTelemetry("router");
      const handler = withTelemetry(telemetry, () => handle(telemetry));
      const result = await handler({}, invocationContext).catch((failure: unknown) => failure);
      return { result, lines };
    } finally {
      for (const stream of streams) stream.restore();
    }
  };

  it("logs the request id and publishes what was counted, in the embedded metric format", async () => {
    const { result, lines } = await call(async ({ log, metrics }) => {
      log.info("Job closed", { jobId: "j" });
      metrics.count("JobsClosed");
      metrics.count("JobsClosed");
      metrics.count("JobsFailed");
      return "done";
    });

    expect(result).to.equal("done");
    const [entry, metrics] = parseLines(lines);
    expect(entry).to.include({ jobId: "j", function_request_id: "request-1", service: "router" });
    expect(metrics).to.deep.include({
      stage: "reelway-dev",
      service: "router",
      JobsClosed: [1, 1],
      JobsFailed: 1,
    });
    expect(metrics)
      .to.have.nested.property("_aws.CloudWatchMetrics")
      .that.deep.equals([
        {
          Namespace: "Reelway",
          Dimensions: [["stage"]],
          Metrics: [
            { Name: "JobsClosed", Unit: "Count" },
            { Name: "JobsFailed", Unit: "Count" },
          ],
        },
      ]);
    expect(lines).to.have.length(2);
  });

  it("writes no metrics where nothing was counted", async () => {
    const { lines } = await call(async () => undefined);

    expect(lines).to.deep.equal([]);
  });

  it("publishes recorded values with their units", async () => {
    const { lines } = await call(async ({ metrics }) => {
      metrics.record("ChannelLagSeconds", 7.5);
      metrics.record("DetectionUsd", 0.001);
      metrics.record("DetectionUsd", 0.002);
    });

    const [entry] = parseLines(lines);
    expect(entry).to.deep.include({
      ChannelLagSeconds: 7.5,
      DetectionUsd: [0.001, 0.002],
      stage: "reelway-dev",
    });
    expect(entry)
      .to.have.nested.property("_aws.CloudWatchMetrics[0].Metrics")
      .that.deep.equals([
        { Name: "ChannelLagSeconds", Unit: "Seconds" },
        { Name: "DetectionUsd", Unit: "None" },
      ]);
  });

  it("logs an error that it throws with its stack, publishes, and rejects with it", async () => {
    const failure = new Error("Table reelway-dev-jobs cannot be read");
    const { result, lines } = await call(async ({ metrics }) => {
      metrics.count("TasksThrottled");
      throw failure;
    });

    expect(result).to.equal(failure);
    const [entry, metrics] = parseLines(lines);
    expect(entry).to.include({ level: "ERROR", function_request_id: "request-1" });
    expect(entry).to.have.nested.property("error.stack", failure.stack);
    expect(metrics).to.include({ TasksThrottled: 1, stage: "reelway-dev" });
  });
});
