import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createConsoleLogger } from "../../adapters/aws/console-logger.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { sweepEnvironment } from "../../pipeline/environment/sweep.ts";
import { createSweep } from "./sweep.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("sweep", sweepEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});

/** Handler of the function sweep, called on a schedule. */
export const handler = createSweep({
  ...createClaimPorts(environment),
  inputBucket: environment.INPUT_BUCKET,
  log: createConsoleLogger("sweep"),
});
