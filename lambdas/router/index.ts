import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createStartPorts } from "../../adapters/aws/start-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { routerEnvironment } from "../../pipeline/environment/router.ts";
import { createRouter } from "./route-uploads.ts";

// The bundler puts the configuration's text in place of `process.env.CONFIGURATION`.
const environment = parseEnvironment("router", routerEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("router");

/** The router Lambda. */
export const handler = withTelemetry(
  telemetry,
  createRouter({
    ...createStartPorts(telemetry, environment),
    ...createClaimPorts(telemetry, environment),
    inputBucket: environment.INPUT_BUCKET,
  }),
);
