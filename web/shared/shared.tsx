import { useCallback, useState } from "preact/hooks";
import lazy from "preact-iso/lazy";
import { useRoute } from "preact-iso/router";
import { api, getBody, type Problem, RequestError } from "../api/client.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { formatDuration, formatTime } from "../components/format.ts";
import { usePageTitle } from "../components/page-title.ts";
import { useRequest } from "../components/use-request.ts";
import { loadView } from "../load-view.ts";
import { ShortcutHelp } from "../player/shortcut-help.tsx";
import { buildTimeLink, parseTimeParameter } from "../player/time.ts";
import "./shared.css";

const Player = lazy(() => loadView(async () => (await import("../player/player.tsx")).Player));

/** What a visitor reads whose link does not work. */
const describeFailure = (
  problem: Problem | undefined,
  message: string,
): { readonly title: string; readonly message: string } => {
  switch (problem?.type) {
    case "/problems/expired-url":
      return { title: "This link has expired", message: "Ask the person who sent it for a new one." };
    case "/problems/invalid-signature":
      return {
        title: "This link is not valid",
        message: "A part of it may be missing. Open the link as it was sent, or ask for a new one.",
      };
    case "/problems/video-not-found":
      return { title: "The video has been deleted", message: "Ask the person who sent the link." };
    case "/problems/job-state-conflict":
      return {
        title: "The video has been replaced",
        message: "There is a newer version of it. Ask the person who sent the link for a new one.",
      };
    default:
      return { title: "The video cannot be opened now", message };
  }
};

/** The view of a shared video, for visitors who are not signed in. */
export const Shared = () => {
  const { token = "" } = useRoute().params;
  // The router keeps the view from one link to the next: nothing of the first one may stay.
  return <SharedVideo key={token} token={token} />;
};

const SharedVideo = ({ token }: { readonly token: string }) => {
  const { query } = useRoute();
  const startSeconds = parseTimeParameter(query.t);
  const [seconds, setSeconds] = useState(startSeconds ?? 0);
  const request = useCallback(
    () => getBody(api.GET("/shares/{token}", { params: { path: { token } } })),
    [token],
  );
  const { result: playback, failure, reload } = useRequest(request);
  usePageTitle(playback?.title ?? "Shared video");

  if (failure !== undefined) {
    const problem = failure instanceof RequestError ? failure.problem : undefined;
    const { title, message } = describeFailure(problem, failure.message);
    const canRetry = problem === undefined || problem.status >= 500;
    return (
      <section class="empty-state" role="alert">
        <h1>{title}</h1>
        <p>{message}</p>
        {canRetry && (
          <button type="button" class="button" onClick={() => void reload()}>
            Try again
          </button>
        )}
      </section>
    );
  }
  if (playback === undefined) return <p role="status">Loading the video…</p>;
  const buildLink = (): string => buildTimeLink(window.location.href, seconds);
  return (
    <article class="shared">
      <h1>
        <bdi>{playback.title}</bdi>
      </h1>
      <Player load={request} startSeconds={startSeconds} onTime={setSeconds} />
      <div class="shared-actions">
        <CopyButton
          label={`Copy link at ${formatDuration(seconds)}`}
          getText={buildLink}
          fallback="This browser does not allow it. The address bar has the link now."
          onRefused={() => history.replaceState(history.state, "", buildLink())}
        />
        <p class="muted">Shared with you until {formatTime(playback.linkExpiresAt)}.</p>
      </div>
      <ShortcutHelp />
    </article>
  );
};
