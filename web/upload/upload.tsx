import "./upload.css";
import { useEffect, useState } from "preact/hooks";
import { api, RequestError } from "../api/client.ts";
import { loadSession, session } from "../api/session.ts";
import { describeFailure } from "../components/action-report.ts";
import { Failure } from "../components/failure.tsx";
import { usePageTitle } from "../components/page-title.ts";
import { announcement } from "./announce.ts";
import type { RouteList } from "./destinations.ts";
import { readServerTime } from "./server-time.ts";
import { UploadPanel } from "./upload-panel.tsx";
import { getUploads, type Uploads } from "./uploads.ts";

interface UploadState {
  readonly routes: RouteList;
  readonly uploads: Uploads;
}

const load = async (): Promise<UploadState> => {
  if (session.value.kind === "unknown") await loadSession();
  const { data: routes, response } = await api.GET("/routes");
  if (routes === undefined) throw new RequestError(undefined, "The server's response has no body.");
  readServerTime(response);
  return { routes, uploads: await getUploads() };
};

/** The view Upload: adds files, and follows them until their jobs have ended. */
export const Upload = () => {
  usePageTitle("Upload");
  const [state, setState] = useState<UploadState>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (result) => {
        if (isCurrent) setState(result);
      },
      (cause: unknown) => {
        if (isCurrent) setProblem(describeFailure(cause));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  return (
    <div class="upload">
      <h1>Upload</h1>
      <div class="visually-hidden" aria-live="polite">
        {/* Only a new element is announced if its text is the same as before. */}
        <p key={announcement.value.count}>{announcement.value.text}</p>
      </div>
      {state !== undefined && <UploadPanel {...state} />}
      {state === undefined && problem !== undefined && (
        <Failure title="Uploads cannot be opened" message={problem}>
          <button
            type="button"
            class="button"
            onClick={() => {
              setProblem(undefined);
              setAttempt((count) => count + 1);
            }}
          >
            Try again
          </button>
        </Failure>
      )}
    </div>
  );
};
