import { attachFile } from "./attach-file.ts";
import { attachHls } from "./attach-hls.ts";
import { type AttachOptions, codecFailure, type Detach } from "./playback.ts";

/**
 * Plays a video in an element: a file by the browser; HLS by hls.js, which is loaded only then, or else by the browser
 * (Safari on iPhones before 17.1 has no Media Source Extensions).
 */
export const attachPlayback = (options: AttachOptions): Detach => {
  const { video, playback, onFailure } = options;
  let detach: Detach | undefined;
  let isDetached = false;
  const attachLater = async (): Promise<void> => {
    const { default: Hls } = await import("hls.js");
    if (isDetached) return;
    if (Hls.isSupported()) detach = attachHls(Hls, options);
    else if (video.canPlayType("application/vnd.apple.mpegurl") !== "") detach = attachFile(options);
    else onFailure(codecFailure);
  };
  if (playback.kind === "hls")
    attachLater().catch(() =>
      onFailure({ kind: "network", message: "The player could not be loaded. Reload the page." }),
    );
  else if (playback.kind === "file") detach = attachFile(options);
  else onFailure(codecFailure);
  return () => {
    isDetached = true;
    detach?.();
  };
};
