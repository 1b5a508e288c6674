import { signal } from "@preact/signals";
import { openSignIn, setMissingSessionHandler } from "./client.ts";
import { isSameUser } from "./session.ts";

const checkIntervalMs = 5000;

/**
 * The session of the user whose files this tab sends: `ended` without one, `other-user` if somebody else has signed in.
 * Without files to send it stays `valid`: the sign-in opens in this tab.
 */
export const sessionState = signal<"valid" | "ended" | "other-user">("valid");

let hasTransfers = (): boolean => false;

/** Checks whether the user of this tab is signed in again. */
export const checkSession = async (): Promise<void> => {
  if (sessionState.value === "valid") return;
  try {
    const isSame = await isSameUser();
    if (!isSame && !hasTransfers()) window.location.reload();
    // Uploads of one user must not go on for another one.
    sessionState.value = isSame ? "valid" : "other-user";
  } catch {
    // Still without a session, or without a connection: checked again.
  }
};

/**
 * While files are being sent, a missing session must not open the sign-in in this tab, which would drop them: the page
 * asks the user to sign in in another tab, and goes on afterwards.
 *
 * @param isSending whether files are being sent
 */
export const guardSession = (isSending: () => boolean): void => {
  hasTransfers = isSending;
  setMissingSessionHandler(() => {
    if (hasTransfers()) sessionState.value = "ended";
    else openSignIn();
  });
  const check = (): void => {
    if (!document.hidden) void checkSession();
  };
  window.addEventListener("focus", check);
  document.addEventListener("visibilitychange", check);
  window.setInterval(check, checkIntervalMs);
};
