import { api, getBody } from "../api/client.ts";
import { mapLimited } from "../api/map-limited.ts";
import type { components } from "../api/schema.ts";
import { describeFailure } from "../components/action-report.ts";
import { formatCount } from "../components/format.ts";
import type { ActionReport } from "./bulk-actions.ts";
import type { Video } from "./library-data.ts";

type Output = components["schemas"]["VideoOutput"];

/** A file to download. */
interface Download {
  readonly url: string;
  /** Name of the file on the user's disk. */
  readonly name: string;
}

/** Browsers drop downloads that begin at the same moment. */
const pauseMs = 300;

/** Whether a video has files to download. */
export const isDownloadable = ({ playables }: Pick<Video, "playables">): boolean => playables.length > 0;

/** Chooses the files of a video: those with everything, or the tracks of a ladder, whose names say only what they are. */
export const chooseDownloads = (title: string, outputs: readonly Output[]): readonly Download[] => {
  const files = outputs.filter(({ kind }) => kind === "file");
  if (files.length > 0) return files.map(({ url, name }) => ({ url, name }));
  return outputs
    .filter(({ kind }) => kind === "rendition")
    .map(({ url, name }) => ({ url, name: `${title} ${name}` }));
};

const saveFile = ({ url, name }: Download): void => {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
};

/** Downloads the outputs of videos, one file after the other. */
export const downloadVideos = async (videos: readonly Video[]): Promise<ActionReport> => {
  const failures: ActionReport["failures"][number][] = [];
  const filesOfVideos = await mapLimited(videos, async (video) => {
    try {
      const { outputs } = await getBody(
        api.GET("/videos/{id}/outputs", { params: { path: { id: video.id } } }),
      );
      return chooseDownloads(video.title, outputs);
    } catch (cause) {
      failures.push({ video, reason: describeFailure(cause) });
      return [];
    }
  });
  const downloads = filesOfVideos.flat();
  for (const [index, download] of downloads.entries()) {
    if (index > 0)
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    saveFile(download);
  }
  return {
    summary: `Started the download of ${formatCount(downloads.length, "file")}.`,
    failures,
    permanentFailures: [],
  };
};
