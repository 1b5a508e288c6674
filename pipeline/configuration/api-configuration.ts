import * as z from "../schema/z.ts";
import { channelsSchema } from "./channels-schema.ts";
import type { Configuration, JobConfiguration } from "./configuration.ts";
import { parseJobConfiguration } from "./job-configuration.ts";

const channelConfigurationSchema = z.object({ channels: channelsSchema });

/**
 * Parses the JSON of `serializeApiConfiguration`.
 *
 * @throws SyntaxError if the text is not valid JSON, ZodError if it does not match the schema
 */
export const parseApiConfiguration = (json: string): JobConfiguration & Pick<Configuration, "channels"> => ({
  ...parseJobConfiguration(json),
  channels: channelConfigurationSchema.parse(JSON.parse(json)).channels,
});
