import { useEffect, useState } from "preact/hooks";
import type { TransferRow } from "./upload-rows.ts";
import type { Uploads } from "./uploads.ts";

const useOnline = (): boolean => {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = (): void => setOnline(navigator.onLine);
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, []);
  return isOnline;
};

/** Says that the connection keeps uploads waiting. */
export const ConnectionNotice = ({
  transfers,
  uploads,
}: {
  readonly transfers: readonly TransferRow[];
  readonly uploads: Uploads;
}) => {
  const isOnline = useOnline();
  if (!isOnline)
    return (
      <section class="upload-notice" role="alert" aria-label="Offline">
        <strong>You are offline</strong>
        <p>Uploads wait for the connection, and go on by themselves. Keep this page open.</p>
      </section>
    );
  if (transfers.some(({ state }) => state.kind === "connection"))
    return (
      <section class="upload-notice" role="alert" aria-label="No connection">
        <strong>The server cannot be reached</strong>
        <p>Uploads are tried again by themselves, within half a minute.</p>
        <div class="upload-notice-actions">
          <button type="button" class="button" onClick={uploads.retryNow}>
            Retry now
          </button>
        </div>
      </section>
    );
  return null;
};
