import { signal } from "@preact/signals";
import { openSignIn, setMissingSessionHandler } from "../api/client.ts";
import { isSameUser } from "../api/session.ts";

const checkIntervalMs = 5000;

/** Whether the session has ended while files are being sent. */
export const isSignedOut = signal(false);

/** Checks whether there is a session again. */
export const checkSession = async (): Promise<void> => {
  if (!isSignedOut.value) return;
  try {
    // Uploads of one user must not go on for another one. Those that are kept wait for their user.
    if (await isSameUser()) isSignedOut.value = false;
    else window.location.reload();
  } catch {
    // Still without a session, or without a connection: checked again.
  }
};

/**
 * While files are being sent, a missing session must not open the sign-in in this tab, which would drop them: the view
 * asks the user to sign in in another tab, and goes on afterwards.
 */
export const guardSession = (hasTransfers: () => boolean): void => {
  setMissingSessionHandler(() => {
    isSignedOut.value = hasTransfers();
    if (!isSignedOut.value || window.location.pathname !== "/upload") openSignIn();
  });
  const check = (): void => {
    if (!document.hidden) void checkSession();
  };
  window.addEventListener("focus", check);
  document.addEventListener("visibilitychange", check);
  window.setInterval(check, checkIntervalMs);
};
