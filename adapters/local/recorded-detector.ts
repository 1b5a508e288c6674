import { readFile } from "node:fs/promises";
import { sortByConfidence } from "../../pipeline/highlights/detected-labels.ts";
import {
  findRecordedFrame,
  parseRecordedDetections,
  type RecordedFrame,
} from "../../pipeline/highlights/recorded-detections.ts";
import type { LabelDetector } from "../../pipeline/ports/label-detector.ts";
import { computeRekognitionUsd } from "../../pipeline/prices/detection-price.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/**
 * Reads a file of recorded detections. Rejects with `UserError` if it does not match the schema, or with the error of
 * the file system.
 */
export const readRecordedDetections = async (path: string): Promise<readonly RecordedFrame[]> =>
  parseRecordedDetections(parseJson(await readFile(path, "utf8")), path);

interface RecordingOptions {
  /** Where the recording starts on the channel's clock, seconds. @default 0 */
  readonly startTime?: number;
}

/**
 * A detector that answers from recorded detections, for tests and backtests: the latest entry at or before the frame's
 * time. Its price is Amazon Rekognition's, so that a backtest computes what the same requests cost there.
 *
 * @param frames ordered by time
 */
export const createRecordedDetector = (
  frames: readonly RecordedFrame[],
  { startTime = 0 }: RecordingOptions = {},
): LabelDetector => ({
  name: "recorded",
  async detect({ timeSeconds, minConfidence, celebrities, labels = true }, signal) {
    signal?.throwIfAborted();
    const frame = findRecordedFrame(frames, timeSeconds - startTime);
    const isSure = ({ confidence }: { readonly confidence: number }) => confidence >= minConfidence;
    return {
      labels: sortByConfidence(labels ? (frame?.labels.filter(isSure) ?? []) : []),
      celebrities: sortByConfidence(celebrities ? (frame?.celebrities.filter(isSure) ?? []) : []),
    };
  },
  computeUsd: computeRekognitionUsd,
});
