import { parseConfiguration } from "../pipeline/configuration/schema.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import { planOutputKeys } from "../pipeline/routing/plan-outputs.ts";
import input from "../reelway.config.ts";
import type { BenchResult } from "./result.ts";

/** Measures routing decisions per second: route and output keys of an upload. */
export const benchRouting = async (): Promise<readonly BenchResult[]> => {
  const configuration = parseConfiguration(input);
  const keys = configuration.routes.flatMap(({ prefix, extensions }) =>
    extensions.map((extension) => `${prefix}course/lesson one.${extension}`),
  );
  const durationMs = 1000;
  const startMs = performance.now();
  let decisions = 0;
  while (performance.now() - startMs < durationMs)
    for (const key of keys) {
      const match = matchRoute(configuration, key);
      if (match.kind !== "route") throw new Error(`No route matches ${key}.`);
      planOutputKeys(match.route, key);
      decisions += 1;
    }
  const seconds = (performance.now() - startMs) / 1000;
  return [{ name: "routing decisions", value: Math.round(decisions / seconds), unit: "/s" }];
};
