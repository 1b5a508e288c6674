import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { telemetryEnvironment } from "../../pipeline/environment/telemetry.ts";
import { createLogger, type FunctionLogger, type InvocationContext } from "./logger.ts";
import { type BufferedMetrics, createMetrics } from "./metrics.ts";

/** The log and the metrics of a function. */
export interface Telemetry {
  readonly log: FunctionLogger;
  readonly metrics: BufferedMetrics;
}

/**
 * Creates the log and the metrics of a function. Called once, at module scope.
 *
 * @param service the function's name
 */
export const createTelemetry = (service: string): Telemetry => {
  const { STAGE } = parseEnvironment(service, telemetryEnvironment, process.env);
  return { log: createLogger(service), metrics: createMetrics(service, STAGE) };
};

/**
 * Wraps a function's handler: log lines contain the invocation's request id, an error thrown by the handler is logged
 * with its stack, and metrics are published at the end.
 */
export const withTelemetry =
  <Event, Context extends InvocationContext, Result>(
    { log, metrics }: Telemetry,
    handler: (event: Event, context: Context) => Promise<Result>,
  ): ((event: Event, context: Context) => Promise<Result>) =>
  async (event, context) => {
    log.startInvocation(context);
    try {
      return await handler(event, context);
    } catch (error) {
      log.error("Unexpected error", { error });
      throw error;
    } finally {
      metrics.publish();
    }
  };
