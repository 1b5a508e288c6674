import { setTimeout } from "node:timers/promises";
import { createStartPorts } from "../../adapters/aws/start-ports.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { reconcilerEnvironment } from "../../pipeline/environment/reconciler.ts";
import { createReconciler } from "./reconcile.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("reconciler", reconcilerEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("reconciler");

/** Handler of the function reconciler, called on a schedule. */
export const handler = withTelemetry(
  telemetry,
  createReconciler({ ...createStartPorts(telemetry, environment), wait: setTimeout }),
);
