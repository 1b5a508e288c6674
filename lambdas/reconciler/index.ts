import { createStartPorts } from "../../adapters/aws/start-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { reconcilerEnvironment } from "../../pipeline/environment/reconciler.ts";
import { createReconciler } from "./reconcile.ts";

// The bundler puts the configuration's text in place of `process.env.CONFIGURATION`.
const environment = parseEnvironment("reconciler", reconcilerEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("reconciler");

/** The reconciler Lambda, on a schedule. */
export const handler = withTelemetry(telemetry, createReconciler(createStartPorts(telemetry, environment)));
