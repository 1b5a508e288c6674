import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { sweepEnvironment } from "../../pipeline/environment/sweep.ts";
import { createSweep } from "./sweep.ts";

// The bundler puts the configuration's text in place of `process.env.CONFIGURATION`.
const environment = parseEnvironment("sweep", sweepEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("sweep");

/** The sweep Lambda, on a schedule. */
export const handler = withTelemetry(
  telemetry,
  createSweep({ ...createClaimPorts(telemetry, environment), inputBucket: environment.INPUT_BUCKET }),
);
