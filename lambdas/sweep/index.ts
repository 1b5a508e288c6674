import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { sweepEnvironment } from "../../pipeline/environment/sweep.ts";
import { createSweep } from "./sweep.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("sweep", sweepEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("sweep");

/** Handler of the function sweep, called on a schedule. */
export const handler = withTelemetry(
  telemetry,
  createSweep({ ...createClaimPorts(telemetry, environment), inputBucket: environment.INPUT_BUCKET }),
);
