import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import {
  type AttachOptions,
  codecFailure,
  createRenewal,
  type Detach,
  isAccessStatus,
  networkFailure,
  toAccessFailure,
} from "./playback.ts";
import type { VideoWithRenditions } from "./video.tsx";

/** Plays HLS with hls.js. When access has expired, it is renewed, and playback goes on at the same time. */
export const attachHls = (
  HlsPlayer: typeof Hls,
  { video, playback, startSeconds, isBestQuality = false, renew, onFailure }: AttachOptions,
): Detach => {
  const { Events, ErrorTypes, ErrorDetails } = HlsPlayer;
  const renditions = (video as VideoWithRenditions).videoRenditions;
  const renewal = createRenewal(renew);
  let isRenewing = false;
  let hasRecovered = false;
  const hls = new HlsPlayer({
    // Segments in CMAF need no conversion: a worker would do nothing.
    enableWorker: false,
    startPosition: startSeconds ?? -1,
    capLevelToPlayerSize: !isBestQuality,
  });
  const fail = (failure: Parameters<typeof onFailure>[0]): void => {
    hls.destroy();
    onFailure(failure);
  };
  const renewAccess = async (): Promise<void> => {
    isRenewing = true;
    hls.stopLoad();
    try {
      const { url } = await renewal.renew();
      isRenewing = false;
      if (hls.levels.length === 0) hls.loadSource(url);
      // Before the first segment, the element is not yet where it starts.
      else hls.startLoad(video.currentTime || (startSeconds ?? -1));
    } catch (cause) {
      fail(toAccessFailure(cause));
    }
  };
  const isCodecError = ({ details, type }: ErrorData): boolean =>
    details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR ||
    details === ErrorDetails.BUFFER_ADD_CODEC_ERROR ||
    details === ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR ||
    type === ErrorTypes.MEDIA_ERROR;
  hls.on(Events.ERROR, (_event, data) => {
    if (isRenewing) return;
    if (isAccessStatus(data.response?.code) && renewal.isAllowed()) void renewAccess();
    else if (!data.fatal) return;
    else if (data.type === ErrorTypes.MEDIA_ERROR && !hasRecovered && hls.levels.length > 0) {
      hasRecovered = true;
      hls.recoverMediaError();
    } else fail(isCodecError(data) ? codecFailure : networkFailure);
  });
  if (renditions !== undefined)
    renditions.onSelect = (index) => {
      hls.nextLevel = index;
    };
  hls.on(Events.MANIFEST_PARSED, (_event, { levels }) => {
    if (isBestQuality) hls.nextLevel = levels.length - 1;
    renditions?.replace(
      levels.map(({ width, height, bitrate }, index) => ({ id: String(index), width, height, bitrate })),
    );
  });
  hls.attachMedia(video);
  hls.loadSource(playback.url);
  return () => {
    renditions?.replace([]);
    hls.destroy();
  };
};
