import type { DeployResult } from "../../terraform/deployment/deploy.ts";

/** Renders one line per stack, followed by its outputs. */
export const renderDeployResults = (results: readonly DeployResult[]): string =>
  results
    .flatMap(({ name, outcome, outputs = {} }) => [
      `${name}: ${outcome}`,
      ...Object.entries(outputs).map(([output, value]) => `  ${output}: ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join("");
