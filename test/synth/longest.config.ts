import * as z from "zod";
import { defineConfig } from "../../pipeline/configuration/schema.ts";
import whole from "./whole.config.ts";

const { dev } = whole.stages;
if (dev === undefined) throw new Error("The whole configuration has no stage dev.");
const bucket = (name: string): string => name.padEnd(63, "-long");
const presets = z.array(z.looseObject({ Name: z.string() })).parse(whole.transcoderPresets);

/** The longest names that a team can give, in the region with the longest. */
export default defineConfig({
  ...whole,
  project: "p".repeat(16),
  stages: {
    ["s".repeat(12)]: {
      ...dev,
      region: "ap-southeast-1",
      inputBucket: bucket("input"),
      outputBucket: bucket("output"),
      codeBucket: bucket("code"),
      logBucket: bucket("logs"),
      stateBucket: "state".padEnd(58, "-long"),
    },
  },
  routes: whole.routes.map((route) => ({ ...route, name: route.name.padEnd(32, "-long") })),
  transcoderPresets: presets.map((preset) => ({ ...preset, Name: preset.Name.padEnd(40, "-long") })),
});
