import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { type Metrics, metricNamespace } from "../../pipeline/ports/metrics.ts";

/** Metrics that are kept until they are published. */
export interface BufferedMetrics extends Metrics {
  /** Writes what was counted to standard output in CloudWatch's embedded metric format; nothing if nothing was. */
  publish(): void;
}

/**
 * Metrics of CloudWatch. Powertools' own dimension `service` is left out, so that one alarm watches the sum of all
 * functions; the log line names the service.
 *
 * @param stage prefix of the deployment's names
 */
export const createMetrics = (service: string, stage: string): BufferedMetrics => {
  const metrics = new PowertoolsMetrics({ namespace: metricNamespace });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stage });
  return {
    count: (name) => void metrics.addMetric(name, MetricUnit.Count, 1),
    publish() {
      if (metrics.hasStoredMetrics()) metrics.addMetadata("service", service).publishStoredMetrics();
    },
  };
};
