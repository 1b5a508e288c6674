import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import type { ApiChannels } from "../../../lambdas/api/ports.ts";
import { selectChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import configured from "../../../reelway.config.ts";

/** The configuration with a channel. */
export const configurationWithChannel = parseConfiguration({
  ...configured,
  channels: [
    {
      name: "news",
      manifestUrl: "https://live.example.com/news.m3u8",
      clipLabels: ["Person"],
      stages: ["dev", "local"],
    },
  ],
});

/** One channel that nobody has watched yet. */
export const createApiChannels = (): ApiChannels => {
  const clock = { now: () => new Date() };
  return {
    settings: selectChannels(configurationWithChannel.channels, "dev"),
    store: createMemoryAppearanceStore(clock),
    clock,
  };
};
