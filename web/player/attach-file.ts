import {
  type AttachOptions,
  codecFailure,
  createRenewal,
  type Detach,
  isAccessStatus,
  networkFailure,
  toAccessFailure,
} from "./playback.ts";

/** Plays a file, or HLS where the browser plays it itself. When access has expired, it is renewed, and playback goes on. */
export const attachFile = ({
  video,
  playback,
  startSeconds = 0,
  renew,
  onFailure,
}: AttachOptions): Detach => {
  const controller = new AbortController();
  const { signal } = controller;
  const renewal = createRenewal(renew);
  const open = (url: string, seconds: number, plays: boolean): void => {
    video.src = url;
    video.addEventListener(
      "loadedmetadata",
      () => {
        if (seconds > 0) video.currentTime = seconds;
        if (plays) video.play().catch(() => undefined);
      },
      { once: true, signal },
    );
  };
  const handleError = async (): Promise<void> => {
    const { currentSrc, currentTime, ended, paused } = video;
    const response = await fetch(currentSrc || video.src, { method: "HEAD", signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (response === undefined) onFailure(networkFailure);
    else if (isAccessStatus(response.status) && renewal.isAllowed())
      try {
        const { url } = await renewal.renew();
        if (!signal.aborted) open(url, currentTime || startSeconds, !paused && !ended);
      } catch (cause) {
        onFailure(toAccessFailure(cause));
      }
    else onFailure(response.ok ? codecFailure : networkFailure);
  };
  video.addEventListener("error", () => void handleError(), { signal });
  open(playback.url, startSeconds, false);
  return () => {
    controller.abort();
    video.removeAttribute("src");
    video.load();
  };
};
