import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import type { ApiChannels } from "../../../lambdas/api/ports.ts";
import { selectChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { ArchivedSegment } from "../../../pipeline/highlights/segment.ts";
import configured from "../../../reelway.config.ts";
import { buildSegment } from "../../pipeline/highlights/channel-fixtures.ts";

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

const segmentTime = Date.parse("2026-11-29T12:00:00Z") / 1000;

/** The only segment of the archive, two seconds. */
export const archivedSegment: ArchivedSegment = { ...buildSegment(0, segmentTime, 50), channel: "news" };

/** A time range within the segment. */
export const archivedRange = {
  from: new Date(segmentTime * 1000 + 200).toISOString(),
  to: new Date(segmentTime * 1000 + 1200).toISOString(),
};

/** One channel with a segment, and no status. */
export const createApiChannels = async (): Promise<ApiChannels> => {
  const clock = { now: () => new Date() };
  const store = createMemoryAppearanceStore(clock);
  await store.putSegment(archivedSegment);
  return {
    settings: selectChannels(configurationWithChannel.channels, "dev"),
    store,
    clipper: { createClip: async () => ({ kind: "accepted" }) },
    clock,
  };
};
