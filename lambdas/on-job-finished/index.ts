import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createOnJobFinishedHandler } from "./handle-finished-jobs.ts";
import { onJobFinished } from "./on-job-finished.ts";

const telemetry = createTelemetry("on-job-finished");

/** Handler of the function on-job-finished. */
export const handler = withTelemetry(
  telemetry,
  createOnJobFinishedHandler({ log: telemetry.log, onJobFinished }),
);
