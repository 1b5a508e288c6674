import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { describeFailure } from "../components/action-report.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { Failure } from "../components/failure.tsx";
import { formatTime } from "../components/format.ts";

const validities = [
  { label: "1 hour", seconds: 3600 },
  { label: "1 day", seconds: 86_400 },
  { label: "7 days", seconds: 7 * 86_400 },
  { label: "30 days", seconds: 30 * 86_400 },
] as const;

interface ShareDialogProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Creates a link by which everybody can play the video. */
export const ShareDialog = ({ id, onClose }: ShareDialogProps) => {
  const [seconds, setSeconds] = useState<number>(validities[2].seconds);
  const [share, setShare] = useState<components["schemas"]["Share"]>();
  const [failure, setFailure] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const link = useRef<HTMLInputElement>(null);
  const submit = useRef<HTMLButtonElement>(null);
  const create = async (): Promise<void> => {
    setFailure(undefined);
    setRunning(true);
    try {
      setShare(
        await getBody(
          api.POST("/videos/{id}/shares", { params: { path: { id } }, body: { expiresInSeconds: seconds } }),
        ),
      );
    } catch (cause) {
      setFailure(describeFailure(cause));
    } finally {
      setRunning(false);
    }
  };
  // The button that had the focus is disabled while the request runs, and replaced after it.
  useLayoutEffect(() => link.current?.focus(), [share]);
  useLayoutEffect(() => {
    if (failure !== undefined) submit.current?.focus();
  }, [failure]);
  return (
    <Dialog title="Share this video" onClose={onClose}>
      <p>
        Everybody who has the link can watch this video without signing in. They see nothing else. The link
        ends when it expires, or when the video is deleted or replaced.
      </p>
      <form
        class="watch-share"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <fieldset disabled={isRunning}>
          <legend>The link is valid for</legend>
          {validities.map((validity) => (
            <label key={validity.seconds}>
              <input
                type="radio"
                name="validity"
                checked={validity.seconds === seconds}
                onChange={() => {
                  setSeconds(validity.seconds);
                  setShare(undefined);
                }}
              />
              {validity.label}
            </label>
          ))}
        </fieldset>
        {failure !== undefined && <Failure title="The link could not be created" message={failure} />}
        <div role="status">
          {share !== undefined && (
            <>
              <label class="watch-share-link">
                Link
                <input
                  ref={link}
                  class="field"
                  readOnly
                  value={share.url}
                  onFocus={({ currentTarget }) => currentTarget.select()}
                />
              </label>
              <p class="muted">Valid until {formatTime(share.expiresAt)}.</p>
            </>
          )}
        </div>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
          {share === undefined ? (
            <button ref={submit} type="submit" class="button button-primary" disabled={isRunning}>
              Create link
            </button>
          ) : (
            <CopyButton
              getText={() => share.url}
              label="Copy link"
              fallback="This browser does not allow it. The link is selected: copy it with the keyboard."
              onRefused={() => {
                link.current?.focus();
                link.current?.select();
              }}
            />
          )}
        </div>
      </form>
    </Dialog>
  );
};
