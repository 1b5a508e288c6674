import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { AudioTrackList } from "./audio-track-list.ts";
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
  const { videoRenditions: renditions, audioTracks: nativeOrOwnTracks } = video as VideoWithRenditions;
  // Safari has a list of its own, which nothing can replace.
  const audioTracks = nativeOrOwnTracks instanceof AudioTrackList ? nativeOrOwnTracks : undefined;
  const renewal = createRenewal(renew);
  let isDetached = false;
  let player: Hls | undefined;
  const close = (): void => {
    player?.destroy();
    player = undefined;
    renditions?.replace([]);
    audioTracks?.replace([], 0);
  };
  const fail = (failure: Parameters<typeof onFailure>[0]): void => {
    close();
    if (!isDetached) onFailure(failure);
  };
  const isCodecError = ({ details, type }: ErrorData): boolean =>
    details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || type === ErrorTypes.MEDIA_ERROR;

  const open = (url: string, seconds: number | undefined): void => {
    let hasRecovered = false;
    const hls = new HlsPlayer({
      // Segments in CMAF need no conversion: a worker would do nothing.
      enableWorker: false,
      startPosition: seconds ?? -1,
      capLevelToPlayerSize: !isBestQuality,
    });
    player = hls;
    const renewAccess = async (): Promise<void> => {
      // Before the first segment, the element is not yet where it starts.
      const current = video.currentTime || seconds;
      const isPlaying = !video.paused;
      close();
      try {
        const { url } = await renewal.renew();
        if (isDetached) return;
        open(url, current);
        if (isPlaying) video.play().catch(() => undefined);
      } catch (cause) {
        fail(toAccessFailure(cause));
      }
    };
    hls.on(Events.ERROR, (_event, data) => {
      if (player !== hls) return;
      if (isAccessStatus(data.response?.code) && renewal.isAllowed()) void renewAccess();
      else if (!data.fatal) return;
      else if (data.type === ErrorTypes.MEDIA_ERROR && !hasRecovered && hls.levels.length > 0) {
        hasRecovered = true;
        hls.recoverMediaError();
      } else fail(isCodecError(data) ? codecFailure : networkFailure);
    });
    hls.on(Events.MANIFEST_PARSED, (_event, { levels }) => {
      if (isBestQuality) hls.nextLevel = levels.length - 1;
      renditions?.replace(
        levels.map(({ width, height, bitrate }, index) => ({ id: String(index), width, height, bitrate })),
      );
    });
    hls.on(Events.AUDIO_TRACKS_UPDATED, (_event, { audioTracks: tracks }) =>
      audioTracks?.replace(
        tracks.map(({ name, lang = "" }) => ({ label: name, language: lang })),
        Math.max(0, hls.audioTrack),
      ),
    );
    hls.on(Events.AUDIO_TRACK_SWITCHING, () => audioTracks?.setEnabled(hls.audioTrack));
    hls.attachMedia(video);
    hls.loadSource(url);
  };

  if (renditions !== undefined)
    renditions.onSelect = (index) => {
      if (player !== undefined) player.nextLevel = index;
    };
  if (audioTracks !== undefined)
    audioTracks.onSelect = (index) => {
      if (player !== undefined) player.audioTrack = index;
    };
  open(playback.url, startSeconds);
  return () => {
    isDetached = true;
    close();
  };
};
