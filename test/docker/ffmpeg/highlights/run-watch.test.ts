import { readFile } from "node:fs/promises";
import { expect } from "chai";
import * as z from "zod";
import { createMetrics } from "../../../../adapters/aws/metrics.ts";
import { createRecordedDetector } from "../../../../adapters/local/recorded-detector.ts";
import { countDetections } from "../../../../docker/ffmpeg/highlights/count-detections.ts";
import type { WatchRun } from "../../../../docker/ffmpeg/highlights/open-watcher.ts";
import { runWatch } from "../../../../docker/ffmpeg/highlights/run-watch.ts";
import type { ChannelStatus } from "../../../../pipeline/highlights/appearance-store.ts";
import { DetectionFailure } from "../../../../pipeline/ports/label-detector.ts";

const now = Date.UTC(2026, 10, 30, 12);
const clock = { now: () => new Date(now) };
const signal = new AbortController().signal;

const metricsLine = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ]),
  }),
});

/** Publishes metrics, and returns the line that CloudWatch reads. */
const capture = async (record: (metrics: ReturnType<typeof createMetrics>) => Promise<unknown>) => {
  const metrics = createMetrics("watcher", "reelway-dev");
  await record(metrics);
  const { write } = process.stdout;
  let text = "";
  process.stdout.write = (part: string | Uint8Array) => {
    text += String(part);
    return true;
  };
  try {
    metrics.publish();
  } finally {
    process.stdout.write = write;
  }
  return text === "" ? undefined : metricsLine.parse(JSON.parse(text));
};

const watch = (outcome: WatchRun["outcome"], status?: ChannelStatus) => ({
  channel: "news",
  run: async (): Promise<WatchRun> => ({
    channel: "news",
    outcome,
    ...(status === undefined ? {} : { status }),
  }),
});
const run = (...all: Parameters<typeof watch>) =>
  capture((metrics) => runWatch(watch(...all), { endMs: now + 75_000, signal, clock, metrics }));

describe("a run of a watcher", () => {
  it("records the metrics of the stage's alarms, in their namespace and with their dimensions", async () => {
    const snapshot = await readFile(
      new URL("../../../synth/snapshots/dev-highlights.json", import.meta.url),
      "utf8",
    );
    const alarms = Object.values<{ namespace: string; metric_name: string; dimensions: object }>(
      JSON.parse(snapshot).resource.aws_cloudwatch_metric_alarm,
    ).filter(({ namespace }) => namespace === "Reelway");
    expect(alarms.map(({ metric_name }) => metric_name)).to.deep.equal([
      "ChannelLagSeconds",
      "DetectionCapReached",
      "DetectionFailing",
      "DetectionLagSeconds",
    ]);

    const line = await run("deadline", {
      name: "stalled",
      message: "",
      lastSegmentAt: now / 1000 - 200,
      lastDetectedAt: now / 1000 - 1000,
      // The name is that of the archive's problem.
      parts: ["archive", "detection", "cap"],
    });

    const [directive] = line?._aws.CloudWatchMetrics ?? [];
    for (const { metric_name, namespace, dimensions } of alarms) {
      expect(directive?.Namespace).to.equal(namespace);
      expect(directive?.Dimensions).to.deep.equal([Object.keys(dimensions)]);
      expect(line).to.deep.include(dimensions);
      expect(directive?.Metrics.map(({ Name }) => Name)).to.include(metric_name);
    }
    expect(line).to.deep.include({
      ChannelLagSeconds: 200,
      DetectionCapReached: 1,
      DetectionFailing: 1,
      DetectionLagSeconds: 800,
    });
  });

  it("counts a run whose frames are not searched, and none without a problem of detection", async () => {
    const status = {
      name: "error",
      message: "",
      lastSegmentAt: now / 1000,
      lastDetectedAt: now / 1000,
    } as const;
    expect(await run("deadline", { ...status, parts: ["frames"] })).to.deep.include({ DetectionFailing: 1 });
    expect(await run("deadline", { ...status, parts: ["archive"] })).to.not.have.any.keys(
      "DetectionFailing",
      "DetectionCapReached",
    );
  });

  it("records no lag of a channel that has ended, is paused or is watched by another run", async () => {
    const status = { name: "watching", message: "", lastSegmentAt: 0 } as const;

    for (const outcome of ["ended", "paused", "held", "lost"] as const)
      expect(await run(outcome, status)).to.equal(undefined);
  });

  it("fails if the channel could never be read, with the reason", async () => {
    const failed = await run("deadline", { name: "error", message: "The server answered 404." }).catch(
      String,
    );

    expect(failed).to.include("The server answered 404.");
  });

  it("ends before AWS Lambda would end it", async () => {
    let deadlineMs = 0;
    const watcher = {
      channel: "news",
      run: async (options: {
        readonly deadlineMs: number;
        readonly signal: AbortSignal;
      }): Promise<WatchRun> => {
        ({ deadlineMs } = options);
        await new Promise((_, reject) =>
          options.signal.addEventListener("abort", () => reject(options.signal.reason)),
        );
        throw new Error("It was not stopped.");
      },
    };

    // Three seconds before its end, it releases the channel.
    const failed = await capture((metrics) =>
      runWatch(watcher, { endMs: now + 3050, signal, clock, metrics }),
    ).catch(String);

    expect(deadlineMs).to.equal(now + 3050 - 15_000);
    expect(failed).to.include("The watcher of channel news did not end in 3 s. The next run continues.");
  });

  it("counts the detections that are billed or may be, and their price", async () => {
    const failures = [
      undefined,
      new DetectionFailure("transient", "lost", { mayBeBilled: true }),
      new DetectionFailure("throttled", "throttled"),
    ];
    const detector = createRecordedDetector([]);
    const line = await capture(async (metrics) => {
      for (const failure of failures)
        await countDetections(
          {
            ...detector,
            detect: (...all) => (failure === undefined ? detector.detect(...all) : Promise.reject(failure)),
          },
          metrics,
        )
          .detect({ image: new Uint8Array(), timeSeconds: 0, minConfidence: 80, celebrities: true })
          .catch(() => undefined);
    });

    expect(line).to.deep.include({
      Detections: [1, 1],
      DetectionUsd: [0.002, 0.002],
      DetectionsFailed: [1, 1],
    });
  });
});
