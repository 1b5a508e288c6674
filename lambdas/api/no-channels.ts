import type { ApiChannels } from "./ports.ts";

const reject = (): never => {
  throw new Error("No channel is configured.");
};

/** The channels of a stage that watches none. No operation reaches the store: none of its channels exists. */
export const noChannels: ApiChannels = {
  settings: [],
  store: {
    readChannel: reject,
    setPaused: reject,
    readUsage: reject,
    listLabels: reject,
    listAppearances: reject,
    listOpenAppearances: reject,
    listSegments: reject,
    readArchiveStart: reject,
  },
  clipper: { createClip: reject },
  clock: { now: reject },
};
