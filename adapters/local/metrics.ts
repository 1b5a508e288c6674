import type { Metrics } from "../../pipeline/ports/metrics.ts";

/** Metrics of one machine: nothing reads them there. */
export const noMetrics: Metrics = { count: () => undefined };
