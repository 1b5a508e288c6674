import { useEffect, useRef, useState } from "preact/hooks";
import { api, getBody, RequestError } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { formatDuration } from "../components/format.ts";
import { attachPlayback } from "../player/attach.ts";
import type { Playback } from "../player/playback.ts";
import { Video } from "../player/video.tsx";
import { synchronize } from "./synchronize.ts";

type Source = components["schemas"]["VideoSource"];

interface CompareProps {
  readonly id: string;
  readonly load: () => Promise<Playback>;
  /** Seconds. */
  readonly startSeconds: number;
}

/** The upload and the output side by side, at the same time. The audio is that of the output. */
export const Compare = ({ id, load, startSeconds }: CompareProps) => {
  const sourceRef = useRef<HTMLVideoElement>(null);
  const outputRef = useRef<HTMLVideoElement>(null);
  const [source, setSource] = useState<Source>();
  const [sourceFailure, setSourceFailure] = useState<string>();
  const [outputFailure, setOutputFailure] = useState<string>();
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState(startSeconds);
  const [duration, setDuration] = useState(0);

  useEffect(() => {
    const [input, output] = [sourceRef.current, outputRef.current];
    if (input === null || output === null) return undefined;
    let isClosed = false;
    let detach: (() => void) | undefined;
    const stop = synchronize(output, input);
    const open = async (): Promise<void> => {
      const opened = await getBody(api.GET("/videos/{id}/source", { params: { path: { id } } }));
      if (isClosed) return;
      setSource(opened);
      input.src = opened.url;
    };
    const openOutput = async (): Promise<void> => {
      const playback = await load();
      if (isClosed) return;
      detach = attachPlayback({
        video: output,
        playback,
        startSeconds,
        isBestQuality: true,
        renew: load,
        onFailure: ({ message }) => setOutputFailure(message),
      });
    };
    const report = (set: (message: string) => void) => (cause: unknown) => {
      if (!(cause instanceof RequestError)) throw cause;
      set(cause.message);
    };
    open().catch(report(setSourceFailure));
    openOutput().catch(report(setOutputFailure));
    return () => {
      isClosed = true;
      stop();
      detach?.();
      input.removeAttribute("src");
      input.load();
    };
  }, [id, load]);

  const toggle = (): void => {
    const output = outputRef.current;
    if (output?.paused) void output.play().catch(() => undefined);
    else output?.pause();
  };
  return (
    <div class="watch-compare">
      <figure>
        <figcaption>Source</figcaption>
        <Video
          ref={sourceRef}
          muted
          preload="auto"
          hidden={sourceFailure !== undefined}
          onError={() =>
            setSourceFailure(
              "This browser cannot play the format of the upload. Download it to see it in a media player.",
            )
          }
        />
        {sourceFailure !== undefined && (
          <div class="watch-compare-failure" role="status">
            <p>{sourceFailure}</p>
          </div>
        )}
        {source !== undefined && (
          <a href={source.url} download={source.fileName}>
            Download the upload
          </a>
        )}
      </figure>
      <figure>
        <figcaption>Output</figcaption>
        <Video
          ref={outputRef}
          preload="auto"
          hidden={outputFailure !== undefined}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onTimeUpdate={({ currentTarget }) => setTime(currentTarget.currentTime)}
          onDurationChange={({ currentTarget }) => setDuration(currentTarget.duration || 0)}
        />
        {outputFailure !== undefined && (
          <div class="watch-compare-failure" role="status">
            <p>{outputFailure}</p>
          </div>
        )}
      </figure>
      <div class="watch-compare-controls">
        <button type="button" class="button" onClick={toggle} disabled={outputFailure !== undefined}>
          {isPlaying ? "Pause both" : "Play both"}
        </button>
        <input
          type="range"
          aria-label="Time of both players"
          aria-valuetext={formatDuration(time)}
          min={0}
          max={duration}
          step={0.04}
          value={time}
          onInput={({ currentTarget }) => {
            if (outputRef.current !== null) outputRef.current.currentTime = Number(currentTarget.value);
          }}
        />
        <span class="muted">
          {formatDuration(time)} / {formatDuration(duration)}
        </span>
      </div>
    </div>
  );
};
