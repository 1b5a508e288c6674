import { createCloseJobPorts } from "../../adapters/aws/close-job-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { jobEventsEnvironment } from "../../pipeline/environment/job-events.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { createJobEventsHandler } from "./close-jobs.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("job-events", jobEventsEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("job-events");

/** Handler of the function job-events. */
export const handler = withTelemetry(
  telemetry,
  createJobEventsHandler(createCloseJobPorts(telemetry, environment)),
);
