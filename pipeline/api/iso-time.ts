/** Formats a time as ISO 8601, to the millisecond. @param time epoch seconds */
export const toIsoTime = (time: number): string => new Date(Math.round(time * 1000)).toISOString();
