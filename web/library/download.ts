import type { Video } from "./library-data.ts";

/** A file to download. */
interface Download {
  readonly url: string;
  /** Name of the file on the user's disk. */
  readonly name: string;
}

/** Browsers drop downloads that begin at the same moment. */
const pauseMs = 300;

/** Lists the files of a video that can be downloaded: those that play on their own. */
export const listDownloads = ({ playables }: Pick<Video, "playables">): readonly Download[] =>
  playables.flatMap(({ kind, url }) => {
    if (kind !== "file") return [];
    const name = decodeURIComponent(new URL(url, window.location.origin).pathname.split("/").at(-1) ?? "");
    return [{ url, name }];
  });

/** Downloads files one after the other. */
export const downloadFiles = async (downloads: readonly Download[]): Promise<void> => {
  for (const [index, { url, name }] of downloads.entries()) {
    if (index > 0)
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  }
};
