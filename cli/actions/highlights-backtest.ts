import { readFile } from "node:fs/promises";
import { readConfigurationOrDefault } from "../../adapters/local/configuration-file.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { buildBacktestChannel, getChannelDetector } from "../../pipeline/highlights/backtest-channel.ts";
import { isSameLabel } from "../../pipeline/highlights/label-name.ts";
import { type LabelPeriod, parseTruth } from "../../pipeline/highlights/truth-schema.ts";
import type { DetectorName } from "../../pipeline/ports/label-detector.ts";
import { formatSeconds, toPrintable } from "../../pipeline/text/format.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { type BacktestResult, runBacktest } from "../../runtime/highlights/backtest.ts";
import { type OpenDetector, openDetector } from "../../runtime/highlights/open-detector.ts";
import { openRecording } from "../../runtime/highlights/open-recording.ts";
import { requireMediaPrograms } from "../../runtime/media-programs.ts";
import { renderBacktest } from "../highlights/backtest-report.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { onStopSignal } from "../signals.ts";

/** Options of `reelway highlights backtest`. */
export interface BacktestCommandOptions {
  readonly truth: string;
  readonly detector?: DetectorName;
  readonly detections?: string;
  readonly channel?: string;
  readonly label: readonly string[];
  readonly minConfidence?: number;
  readonly sceneThreshold?: number;
  /** Seconds. */
  readonly maxGap?: number;
  readonly absentFrames?: number;
  readonly maxUsd: number;
  readonly json?: true;
}

/** Finds a channel of the configuration. @throws UsageError if it does not exist */
const findChannel = ({ channels }: Configuration, name: string | undefined) => {
  if (name === undefined) return undefined;
  const channel = channels.find((one) => one.name === name);
  if (channel !== undefined) return channel;
  const names = channels.map((one) => one.name).join(", ");
  throw new UsageError(
    `reelway.config.ts has no channel ${name}. ${names === "" ? "It has no channels." : `Its channels: ${names}`}`,
  );
};

/** Selects the detector and its file. @throws UsageError if they do not fit */
const selectDetector = (
  { detector, detections }: BacktestCommandOptions,
  channel: ReturnType<typeof findChannel>,
): { readonly name: DetectorName; readonly file?: string } => {
  const name =
    detector ??
    (detections === undefined ? (channel === undefined ? "human" : getChannelDetector(channel)) : "recorded");
  const file = detections ?? (name === "recorded" ? channel?.recordedDetections : undefined);
  if (name === "recorded" && file === undefined)
    throw new UsageError("The detector recorded needs a file of detections: add --detections FILE");
  if (name !== "recorded" && file !== undefined)
    throw new UsageError(`--detections is for the detector recorded, and not for ${name}.`);
  return { name, ...(file === undefined ? {} : { file }) };
};

/** Selects the labels to search, and says which true ones are not searched. */
const selectLabels = (
  truth: readonly LabelPeriod[],
  { label }: BacktestCommandOptions,
  channel: ReturnType<typeof findChannel>,
  report: (line: string) => void,
): readonly string[] => {
  const trueLabels = truth.map((one) => one.label);
  const chosen = label.length > 0 ? label : (channel?.clipLabels ?? []);
  if (chosen.length === 0 && trueLabels.length === 0)
    throw new UsageError("The truth has no appearances, so there is no label to search. Add --label LABEL");
  if (chosen.length === 0) return trueLabels;
  const missing = new Set(trueLabels.filter((one) => !chosen.some((other) => isSameLabel(one, other))));
  for (const one of missing)
    report(`The truth has the label ${one}, which is not searched: its appearances count as missed.`);
  return chosen;
};

/** The JSON document: an evaluation alone. */
const toDocument = ({
  durationSeconds: _,
  frameRate: _f,
  elapsedSeconds: _e,
  ...evaluation
}: BacktestResult) => evaluation;

/** Watches a recording and prints how well its appearances were found. */
export const backtest = async (recording: string, options: BacktestCommandOptions): Promise<void> => {
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandError("The backtest was stopped.")));
  const report = (line: string): void => {
    process.stderr.write(`${toPrintable(line)}\n`);
  };
  const truth = parseTruth(parseJson(await readFile(options.truth, "utf8")), options.truth);
  const configuration = await readConfigurationOrDefault();
  const configured = findChannel(configuration, options.channel);
  const { name, file } = selectDetector(options, configured);
  const clipLabels = selectLabels(truth, options, configured, report);
  const programs = requireMediaPrograms();
  const { minConfidence, sceneThreshold, maxGap: maxGapSeconds, absentFrames, maxUsd } = options;
  const opened = await openRecording(recording);
  const channel = buildBacktestChannel(configured, opened.manifestUrl, {
    detector: name,
    clipLabels,
    ...(name === "rekognition" ? { maxUsd } : {}),
    ...(minConfidence === undefined ? {} : { minConfidence }),
    ...(sceneThreshold === undefined ? {} : { sceneThreshold }),
    ...(maxGapSeconds === undefined ? {} : { maxGapSeconds }),
    ...(absentFrames === undefined ? {} : { absentFrames }),
  });
  let detector: OpenDetector | undefined;
  let result: BacktestResult;
  const display = await openDisplay(process.stderr);
  try {
    detector = await openDetector(name, file);
    result = await runBacktest({
      recording,
      channel,
      truth,
      detector: detector.detector,
      programs,
      limits: configuration.limits,
      signal: stop.signal,
      onWarning: report,
      onProgress: ({ seconds, totalSeconds, detections }) => {
        const percent = totalSeconds > 0 ? Math.min(100, (100 * seconds) / totalSeconds) : 100;
        const phase = `${formatSeconds(seconds)}, ${detections} detections`;
        display.update(renderBars([{ label: "backtest", percent, phase }], display.getSize()), []);
      },
    });
  } finally {
    display.close();
    await opened.close();
    await detector?.close();
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(toDocument(result), null, 2)}\n` : renderBacktest(result, truth, name),
  );
  const { maxDetectionsPerHour } = configured ?? channel;
  if (result.detectionsPerHour > maxDetectionsPerHour && configured !== undefined)
    report(
      `The channel's cap maxDetectionsPerHour, ${maxDetectionsPerHour}, would stop detection: this recording needs ${Math.ceil(result.detectionsPerHour)}.`,
    );
};
