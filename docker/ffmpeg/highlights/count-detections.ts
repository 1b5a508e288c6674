import { DetectionFailure, type LabelDetector } from "../../../pipeline/ports/label-detector.ts";
import type { Metrics } from "../../../pipeline/ports/metrics.ts";

/** Counts the calls of a detector that are billed or may be, and their price. */
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
      return detection;
    } catch (cause) {
      if (cause instanceof DetectionFailure && cause.mayBeBilled) count();
      throw cause;
    }
  },
});
