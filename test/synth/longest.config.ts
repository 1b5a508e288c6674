import * as z from "zod";
import { defineConfig } from "../../pipeline/configuration/schema.ts";
import { maxWebhooks } from "../../pipeline/configuration/webhooks-schema.ts";
import wholeConfiguration from "./whole.config.ts";

const { dev } = wholeConfiguration.stages;
if (dev === undefined) throw new Error("The whole configuration has no stage dev.");
const bucket = (name: string): string => name.padEnd(63, "-long");
const presets = z.array(z.looseObject({ Name: z.string() })).parse(wholeConfiguration.transcoderPresets);

/** The longest possible names, in the region with the longest name. */
export default defineConfig({
  ...wholeConfiguration,
  project: "p".repeat(16),
  stages: {
    ["s".repeat(12)]: {
      ...dev,
      region: "ap-southeast-1",
      inputBucket: bucket("input"),
      outputBucket: bucket("output"),
      codeBucket: bucket("code"),
      logBucket: bucket("logs"),
      siteBucket: bucket("site"),
      stateBucket: "state".padEnd(58, "-long"),
    },
  },
  webhooks: Array.from({ length: maxWebhooks }, (_, index) => ({
    name: `w${index}`.padEnd(32, "-long"),
    url: "https://hooks.example.com/",
    secret: `s${index}`.padEnd(128, "-long"),
    events: ["job.complete"],
  })),
  channels: [
    {
      name: "c".padEnd(31, "-long"),
      manifestUrl: `https://live.example.com/${"index".padEnd(990, "-long")}.m3u8`,
      clipLabels: ["Person"],
      celebrities: true,
    },
  ],
  routes: wholeConfiguration.routes.map((route) => ({ ...route, name: route.name.padEnd(32, "-long") })),
  transcoderPresets: presets.map((preset) => ({ ...preset, Name: preset.Name.padEnd(40, "-long") })),
});
