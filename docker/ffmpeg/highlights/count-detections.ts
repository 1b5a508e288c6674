import { DetectionFailure, type LabelDetector } from "../../../pipeline/ports/label-detector.ts";
import type { Metrics } from "../../../pipeline/ports/metrics.ts";

/** Counts the calls of a detector that are billed or may be, their price, and the calls that fail, wholly or in part. */
export const countDetections = <Detector extends LabelDetector>(
  detector: Detector,
  metrics: Metrics,
): Detector => ({
  ...detector,
  async detect(request, signal) {
    const count = (): void => {
      metrics.count("Detections");
      metrics.record("DetectionUsd", detector.computeUsd(request));
    };
    try {
      const detection = await detector.detect(request, signal);
      count();
      if (detection.celebritiesFailure !== undefined) metrics.count("DetectionsFailed");
      return detection;
    } catch (cause) {
      if (cause instanceof DetectionFailure) {
        metrics.count("DetectionsFailed");
        if (cause.mayBeBilled) count();
      }
      throw cause;
    }
  },
});
