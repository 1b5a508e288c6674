/** Formats epoch seconds: `2026-11-21T12:00:00.000Z`. */
export const formatTime = (epochSeconds: number): string =>
  new Date(Math.round(epochSeconds * 1000)).toISOString();
