import { Failure } from "./failure.tsx";

/** Shown instead of a view whose program cannot be loaded, or has failed. */
export const ViewFailure = () => (
  <Failure
    title="This view cannot be shown"
    message="Its program could not be loaded, or it has failed. Check the connection, and reload the page."
  >
    <button type="button" class="button" onClick={() => window.location.reload()}>
      Reload
    </button>
  </Failure>
);
