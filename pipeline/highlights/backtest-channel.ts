import {
  type Channel,
  type ChannelSettings,
  channelsSchema,
  selectChannels,
} from "../configuration/channels-schema.ts";
import { isOnAws, localStage } from "../configuration/selected-stages.ts";
import type { DetectorName } from "../ports/label-detector.ts";
import * as z from "../schema/z.ts";
import { isSameLabel } from "./label-name.ts";

/** Settings that a backtest replaces. */
export interface BacktestSettings {
  readonly detector: DetectorName;
  /** Labels whose appearances are searched. */
  readonly clipLabels: readonly string[];
  readonly minConfidence?: number;
  readonly sceneThreshold?: number;
  readonly maxGapSeconds?: number;
  readonly absentFrames?: number;
  /** @default no limit */
  readonly maxUsd?: number;
}

/** No cap of detections: a backtest says how many there are. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** Removes white space at the ends, and repeated labels. */
export const normalizeClipLabels = (labels: readonly string[]): readonly string[] =>
  labels
    .map((label) => label.trim())
    .filter((label, index, all) => all.findIndex((other) => isSameLabel(other, label)) === index);

const createDefaultChannel = (): Channel => {
  const manifestUrl = "http://127.0.0.1/index.m3u8";
  const [channel] = z.parse(channelsSchema, [{ name: "backtest", manifestUrl, stages: [localStage] }]);
  if (channel === undefined) throw new Error("The schema of channels has removed one");
  return channel;
};

/** The detector of a channel: on AWS, if it runs there. */
export const getChannelDetector = ({ detector, stages }: Channel): DetectorName =>
  detector ?? (isOnAws(stages) ? "rekognition" : "human");

/**
 * Builds the channel of a backtest: that of the configuration, or one with the defaults. The minimum confidence of a
 * channel is for its own detector alone.
 */
export const buildBacktestChannel = (
  configured: Channel | undefined,
  manifestUrl: string,
  { detector, clipLabels, maxUsd = unlimited, ...settings }: BacktestSettings,
): ChannelSettings => {
  const base = configured ?? createDefaultChannel();
  const { minConfidence, recordedDetections: _, ...rest } = base;
  const [channel] = selectChannels(
    [
      {
        ...rest,
        ...(minConfidence === undefined || getChannelDetector(base) !== detector ? {} : { minConfidence }),
        ...settings,
        manifestUrl,
        stages: [localStage],
        detector,
        clipLabels: [...normalizeClipLabels(clipLabels)],
        celebrities: base.celebrities && detector !== "human",
        maxDetectionsPerHour: unlimited,
        maxUsdPerDay: maxUsd,
      },
    ],
    localStage,
  );
  if (channel === undefined) throw new Error("The channel of a backtest belongs to no stage");
  return channel;
};
