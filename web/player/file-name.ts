import type { components } from "../api/schema.ts";

/** Builds the name under which a browser saves a file: the title, with the extension of the URL's path. */
export const buildFileName = ({
  title,
  url,
}: Pick<components["schemas"]["Playback"], "title" | "url">): string =>
  title + (/\.\w+$/.exec(new URL(url).pathname)?.[0] ?? "");
