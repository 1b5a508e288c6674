const parameterPattern = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/;

/**
 * Parses the time at which a link starts a video: seconds (`83`, `83s`), or hours, minutes and seconds (`1h2m3s`,
 * `1m23s`).
 *
 * @returns seconds; undefined if the text is no time
 */
export const parseTimeParameter = (text: string | undefined): number | undefined => {
  const match = text === undefined || text === "" ? null : parameterPattern.exec(text);
  if (match === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number.isSafeInteger(Math.floor(total)) ? total : undefined;
};

/** Builds the link that starts a video at a time. @param url of the page; its parameter `t` is replaced */
export const buildTimeLink = (url: string, seconds: number): string => {
  const link = new URL(url);
  link.searchParams.set("t", String(Math.floor(seconds)));
  link.hash = "";
  return link.href;
};
