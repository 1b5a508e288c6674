import * as z from "zod";
import { defineConfig } from "../../pipeline/configuration/schema.ts";
import wholeConfiguration from "../synth/whole.config.ts";

const { APPLY_TRANSCODER: transcoderEndpoint } = z.object({ APPLY_TRANSCODER: z.url() }).parse(process.env);
const { dev } = wholeConfiguration.stages;
if (dev === undefined) throw new Error("The whole configuration has no stage dev.");

/** One stage with every option, in the emulator's account; its transcoder runs on this machine. */
export default defineConfig({
  ...wholeConfiguration,
  stages: { dev: { ...dev, account: "123456789012", transcoderEndpoint } },
});
