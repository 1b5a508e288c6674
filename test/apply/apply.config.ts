import * as z from "zod";
import { defineConfig } from "../../pipeline/configuration/schema.ts";
import whole from "../synth/whole.config.ts";

const { APPLY_TRANSCODER: transcoderEndpoint } = z.object({ APPLY_TRANSCODER: z.url() }).parse(process.env);
const { dev } = whole.stages;
if (dev === undefined) throw new Error("The whole configuration has no stage dev.");

/** One stage with all that a stage can be told, in the emulator's account; its transcoder is one on this machine. */
export default defineConfig({
  ...whole,
  stages: { dev: { ...dev, account: "123456789012", transcoderEndpoint } },
});
