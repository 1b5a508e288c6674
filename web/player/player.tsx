import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../components/failure.tsx";
import { attachPlayback } from "./attach.ts";
import { AudioTrackList } from "./audio-track-list.ts";
import "./elements.ts";
import { buildFileName } from "./file-name.ts";
import { useShortcuts } from "./keyboard.ts";
import type { Playback, PlaybackFailure } from "./playback.ts";
import { toAccessFailure } from "./playback.ts";
import "./player.css";
import { RenditionList } from "./rendition-list.ts";
import { Video, type VideoWithRenditions } from "./video.tsx";

interface PlayerProps {
  /** Requests how to play the video; called again when access has expired. Stable. @throws RequestError */
  readonly load: () => Promise<Playback>;
  /** Seconds. @default 0 */
  readonly startSeconds?: number | undefined;
  /** Receives the current time in whole seconds. */
  readonly onTime?: (seconds: number) => void;
  /** Receives the video element, for controls outside the player. */
  readonly onVideo?: (video: HTMLVideoElement) => void;
}

const failureTitles: Readonly<Record<PlaybackFailure["kind"], string>> = {
  codec: "This browser cannot play the video",
  access: "The video cannot be played",
  network: "The video does not load",
};

/** The controls. Menus are in front of their buttons, so that they are above the video. */
const Controls = ({ isAudio }: { readonly isAudio: boolean }) => (
  <>
    {isAudio || <media-loading-indicator slot="centered-chrome" noautohide />}
    <media-audio-track-menu anchor="auto" hidden>
      <span slot="header">Audio</span>
    </media-audio-track-menu>
    <media-captions-menu anchor="auto" hidden>
      <span slot="header">Captions</span>
    </media-captions-menu>
    <media-playback-rate-menu anchor="auto" hidden rates="0.5 0.75 1 1.25 1.5 2">
      <span slot="header">Speed</span>
    </media-playback-rate-menu>
    <media-rendition-menu anchor="auto" hidden>
      <span slot="header">Quality</span>
    </media-rendition-menu>
    <media-control-bar class="player-seek">
      <media-time-range>
        <media-preview-thumbnail slot="preview" />
        <media-preview-time-display slot="preview" />
      </media-time-range>
    </media-control-bar>
    <media-control-bar class="player-buttons">
      <media-play-button />
      <media-seek-backward-button seekoffset={10} />
      <media-seek-forward-button seekoffset={10} />
      <media-mute-button />
      <media-volume-range />
      <media-time-display showduration notoggle />
      <span class="player-space" />
      <media-audio-track-menu-button />
      <media-captions-menu-button />
      <media-playback-rate-menu-button />
      <media-rendition-menu-button />
      <media-pip-button />
      <media-fullscreen-button />
    </media-control-bar>
  </>
);

/** The player of a video: controls, quality, speed, audio tracks, captions, images on the seek bar, keyboard. */
export const Player = ({ load, startSeconds, onTime, onVideo }: PlayerProps) => {
  const videoRef = useRef<VideoWithRenditions | null>(null);
  const controllerRef = useRef<HTMLElement>(null);
  const lastSecond = useRef(startSeconds ?? 0);
  const [playback, setPlayback] = useState<Playback>();
  const [failure, setFailure] = useState<PlaybackFailure>();
  /** Counts the user's attempts to load the video. */
  const [attempt, setAttempt] = useState(0);
  useShortcuts(controllerRef);

  useEffect(() => {
    if (failure !== undefined) return undefined;
    let isCurrent = true;
    load().then(
      (newPlayback) => isCurrent && setPlayback(newPlayback),
      (cause: unknown) => isCurrent && setFailure(toAccessFailure(cause)),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt]);

  useEffect(() => {
    const video = videoRef.current;
    if (video === null || playback === undefined || failure !== undefined) return undefined;
    onVideo?.(video);
    return attachPlayback({
      video,
      playback,
      startSeconds: lastSecond.current,
      renew: load,
      onFailure: setFailure,
    });
  }, [playback]);

  if (failure !== undefined)
    return (
      <Failure title={failureTitles[failure.kind]} message={failure.message}>
        <div class="player-actions">
          {failure.kind !== "codec" && (
            <button
              type="button"
              class="button"
              onClick={() => {
                setPlayback(undefined);
                setFailure(undefined);
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </button>
          )}
          {playback?.kind === "file" && (
            <a class="button" href={playback.url} download={buildFileName(playback)}>
              Download
            </a>
          )}
        </div>
      </Failure>
    );
  const isAudio = playback?.contentType.startsWith("audio/") ?? false;
  return (
    <media-controller class="player" hotkeys="noshift+/" ref={controllerRef} audio={isAudio}>
      <Video
        slot="media"
        ref={(video: VideoWithRenditions | null) => {
          videoRef.current = video;
          if (video === null) return;
          video.videoRenditions ??= new RenditionList();
          video.audioTracks ??= new AudioTrackList();
        }}
        poster={playback?.poster ?? undefined}
        preload="metadata"
        onTimeUpdate={({ currentTarget }) => {
          const seconds = Math.floor(currentTarget.currentTime);
          if (seconds === lastSecond.current) return;
          lastSecond.current = seconds;
          onTime?.(seconds);
        }}
      >
        {playback !== undefined && playback.storyboard !== null && (
          <track kind="metadata" label="thumbnails" src={playback.storyboard} default />
        )}
      </Video>
      <Controls isAudio={isAudio} />
    </media-controller>
  );
};
