import { createClaimPorts } from "../../adapters/aws/claim-ports.ts";
import { createConsoleLogger } from "../../adapters/aws/console-logger.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { sweepEnvironment } from "../../pipeline/environment/sweep.ts";
import { createSweep } from "./sweep.ts";

// The bundler puts the configuration's text in place of `process.env.CONFIGURATION`.
const environment = parseEnvironment("sweep", sweepEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});

/** The sweep Lambda, on a schedule. */
export const handler = createSweep({
  ...createClaimPorts(environment),
  inputBucket: environment.INPUT_BUCKET,
  log: createConsoleLogger("sweep"),
});
