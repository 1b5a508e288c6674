import { measure, median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const pairCount = 9;

/** Measures how much longer `reelway --help` takes than Node.js itself, in pairs that run in turn. */
export const benchStartup = async (): Promise<readonly BenchResult[]> => {
  const differences: number[] = [];
  for (let pair = 0; pair < pairCount; pair += 1) {
    const bare = await measure([process.execPath, "-e", "0"]);
    const help = await measure([process.execPath, "cli/bin.js", "--help"]);
    differences.push(help.wallSeconds - bare.wallSeconds);
  }
  return [
    {
      name: "startup: reelway --help over node -e 0",
      value: median(differences),
      unit: "s",
      spread: [Math.min(...differences), Math.max(...differences)],
      target: { atMost: 0.3 },
    },
  ];
};
