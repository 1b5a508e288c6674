import { useEffect, useRef, useState } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { describeFailure } from "../components/action-report.ts";
import { formatDuration } from "../components/format.ts";
import { attachPlayback } from "../player/attach.ts";
import { createRenewal, networkFailure, type Playback } from "../player/playback.ts";
import { Video } from "../player/video.tsx";
import { synchronize } from "./synchronize.ts";

type Source = components["schemas"]["VideoSource"];

interface CompareProps {
  readonly id: string;
  readonly load: () => Promise<Playback>;
  /** Seconds. */
  readonly startSeconds: number;
}

const formatFailureMessage =
  "This browser cannot play the format of the upload. Download it to see it in a media player.";

/** The upload and the output side by side, at the same time. The audio is that of the output. */
export const Compare = ({ id, load, startSeconds }: CompareProps) => {
  const sourceRef = useRef<HTMLVideoElement>(null);
  const outputRef = useRef<HTMLVideoElement>(null);
  const [source, setSource] = useState<Source>();
  const [sourceFailure, setSourceFailure] = useState<string>();
  const [outputFailure, setOutputFailure] = useState<string>();
  const [isPlaying, setPlaying] = useState(false);
  const [currentSeconds, setCurrentSeconds] = useState(startSeconds);
  const [durationSeconds, setDurationSeconds] = useState(0);

  useEffect(() => {
    const [input, output] = [sourceRef.current, outputRef.current];
    if (input === null || output === null) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    let detach: (() => void) | undefined;
    const stop = synchronize(output, input);
    const access = createRenewal(() =>
      getBody(api.GET("/videos/{id}/source", { params: { path: { id } }, signal })),
    );
    const openSource = async (): Promise<void> => {
      try {
        const newSource = await access.renew();
        if (signal.aborted) return;
        setSource(newSource);
        input.src = newSource.url;
      } catch (cause) {
        if (!signal.aborted) setSourceFailure(describeFailure(cause));
      }
    };
    const openOutput = async (): Promise<void> => {
      try {
        const playback = await load();
        if (signal.aborted) return;
        detach = attachPlayback({
          video: output,
          playback,
          startSeconds,
          isBestQuality: true,
          renew: load,
          onFailure: ({ message }) => setOutputFailure(message),
        });
      } catch (cause) {
        if (!signal.aborted) setOutputFailure(describeFailure(cause));
      }
    };
    input.addEventListener(
      "error",
      () => {
        // An older URL may have expired: browsers do not say why a file does not load.
        if (access.isAllowed()) void openSource();
        else if (input.error?.code === MediaError.MEDIA_ERR_NETWORK) setSourceFailure(networkFailure.message);
        else setSourceFailure(formatFailureMessage);
      },
      { signal },
    );
    void openSource();
    void openOutput();
    return () => {
      controller.abort();
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
        <Video ref={sourceRef} muted preload="auto" hidden={sourceFailure !== undefined} />
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
          onTimeUpdate={({ currentTarget }) => setCurrentSeconds(currentTarget.currentTime)}
          onDurationChange={({ currentTarget }) => setDurationSeconds(currentTarget.duration || 0)}
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
          aria-valuetext={formatDuration(currentSeconds)}
          min={0}
          max={durationSeconds}
          step={0.04}
          value={currentSeconds}
          onInput={({ currentTarget }) => {
            if (outputRef.current !== null) outputRef.current.currentTime = Number(currentTarget.value);
          }}
        />
        <span class="muted">
          {formatDuration(currentSeconds)} / {formatDuration(durationSeconds)}
        </span>
      </div>
    </div>
  );
};
