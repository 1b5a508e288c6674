import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { type Metrics, metricNamespace, type ValueMetricName } from "../../pipeline/ports/metrics.ts";

/** Metrics that are buffered until they are published. */
export interface BufferedMetrics extends Metrics {
  /** Writes the counts to standard output in CloudWatch's embedded metric format; writes nothing without counts. */
  publish(): void;
}

const units: Readonly<Record<ValueMetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  ChannelLagSeconds: MetricUnit.Seconds,
  DetectionLagSeconds: MetricUnit.Seconds,
  JobsWaiting: MetricUnit.Count,
  OldestWaitingSeconds: MetricUnit.Seconds,
  DetectionUsd: MetricUnit.NoUnit,
};

/**
 * Creates CloudWatch metrics. Powertools' dimension `service` is omitted, so that one alarm watches the sum over all
 * functions; the log line contains the service as metadata.
 *
 * @param stage prefix of the deployment's names
 */
export const createMetrics = (service: string, stage: string): BufferedMetrics => {
  const metrics = new PowertoolsMetrics({ namespace: metricNamespace });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stage });
  return {
    count: (name) => void metrics.addMetric(name, MetricUnit.Count, 1),
    record: (name, value) => void metrics.addMetric(name, units[name], value),
    publish() {
      if (metrics.hasStoredMetrics()) metrics.addMetadata("service", service).publishStoredMetrics();
    },
  };
};
