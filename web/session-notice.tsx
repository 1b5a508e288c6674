import { session } from "./api/session.ts";
import { checkSession, sessionState } from "./api/session-guard.ts";
import "./session-notice.css";

/** Link to the sign-in, which opens in another tab: this one sends files. */
const SignInLink = () => (
  <a class="button button-primary" href="/sign-in?next=%2F" target="_blank" rel="noopener">
    Sign in
  </a>
);

/** Says in every view why uploads wait for a session, and what to do. */
export const SessionNotice = () => {
  if (sessionState.value === "valid") return null;
  if (sessionState.value === "ended")
    return (
      <section class="session-notice" role="alert" aria-label="Sign-in needed">
        <strong>Your session has ended</strong>
        <p>Uploads wait, and nothing is lost. Sign in in another tab; then they go on by themselves.</p>
        <div class="session-notice-actions">
          <SignInLink />
          <button type="button" class="button" onClick={() => void checkSession()}>
            Check again
          </button>
        </div>
      </section>
    );
  const name = session.value.kind === "user" ? <bdi>{session.value.name}</bdi> : "their user";
  return (
    <section class="session-notice" role="alert" aria-label="Another user is signed in">
      <strong>Another user is signed in</strong>
      <p>
        Uploads wait for {name}. Sign in as {name} in another tab; then they go on by themselves. To continue
        as the other user, reload the page.
      </p>
      <div class="session-notice-actions">
        <SignInLink />
        <button type="button" class="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    </section>
  );
};
