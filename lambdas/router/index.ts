import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createStartPorts } from "../../adapters/aws/start-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { routerEnvironment } from "../../pipeline/environment/router.ts";
import { createRouter } from "./route-uploads.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("router", routerEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("router");

/** Handler of the function router. */
export const handler = withTelemetry(
  telemetry,
  createRouter({
    ...createStartPorts(telemetry, environment),
    ...createClaimPorts(telemetry, environment),
    inputBucket: environment.INPUT_BUCKET,
  }),
);
