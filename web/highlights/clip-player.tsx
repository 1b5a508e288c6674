import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import lazy from "preact-iso/lazy";
import { useLocation } from "preact-iso/router";
import { api, getBody } from "../api/client.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { formatDuration } from "../components/format.ts";
import { loadView } from "../load-view.ts";
import { buildTimeLink, parseTimeParameter } from "../player/time.ts";
import type { Appearance } from "./channel-data.ts";
import { buildPlayLinkId } from "./clips.tsx";
import { formatClock } from "./times.ts";

const Player = lazy(() => loadView(async () => (await import("../player/player.tsx")).Player));

interface ClipPlayerProps {
  readonly jobId: string;
  /** The appearance of the clip, if the list has it. */
  readonly appearance: Appearance | undefined;
  readonly closeAddress: string;
}

/** Plays a clip in the view. */
export const ClipPlayer = ({ jobId, appearance, closeAddress }: ClipPlayerProps) => {
  const { query } = useLocation();
  const startSeconds = parseTimeParameter(query.t);
  const [seconds, setSeconds] = useState(startSeconds ?? 0);
  const heading = useRef<HTMLHeadingElement>(null);
  const load = useCallback(
    () => getBody(api.POST("/videos/{id}/playback", { params: { path: { id: jobId } } })),
    [jobId],
  );
  // The player is above what opened it, and what opened it gets the focus back.
  useEffect(() => {
    heading.current?.focus();
    return () => document.getElementById(buildPlayLinkId(jobId))?.focus();
  }, [jobId]);
  const buildLink = (): string => buildTimeLink(window.location.href, seconds);
  return (
    <section class="highlights-panel" aria-labelledby="highlights-player">
      <h2 id="highlights-player" ref={heading} tabIndex={-1}>
        {appearance === undefined ? "Clip" : <bdi>{appearance.label}</bdi>}
        {appearance !== undefined && <span class="muted"> {formatClock(appearance.start)}</span>}
      </h2>
      <Player load={load} startSeconds={startSeconds} onTime={setSeconds} />
      <div class="highlights-actions">
        <CopyButton
          label={`Copy link at ${formatDuration(seconds)}`}
          getText={buildLink}
          fallback="This browser does not allow it. The address bar has the link now."
          onRefused={() => history.replaceState(history.state, "", buildLink())}
        />
        <a class="button" href={`/watch/${jobId}`}>
          Open as video
        </a>
        <a class="button" href={closeAddress}>
          Close
        </a>
      </div>
    </section>
  );
};
