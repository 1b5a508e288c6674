import type { Metrics } from "../../pipeline/ports/metrics.ts";

/** Discards metrics: on one machine nothing reads them. */
export const noMetrics: Metrics = { count: () => undefined, record: () => undefined };
