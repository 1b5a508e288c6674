import { ViewFailure } from "./components/view-failure.tsx";

const reloadKey = "reelway-reloaded-at";
/** A second failure within this time has another cause than a new version. */
const reloadIntervalMs = 60_000;

/** Whether the page may reload, which is noted. Without storage it may not: it could reload for ever. */
const startReload = (): boolean => {
  try {
    const reloadedAt = Number(sessionStorage.getItem(reloadKey) ?? 0);
    if (Date.now() - reloadedAt < reloadIntervalMs) return false;
    sessionStorage.setItem(reloadKey, String(Date.now()));
    return true;
  } catch {
    return false;
  }
};

/**
 * Loads a view's module. If that fails, the server may have a newer version of the page, whose modules have other names:
 * the page reloads, at most once a minute.
 *
 * @returns the view, or what is shown instead
 */
export const loadView = async <View>(load: () => Promise<View>): Promise<View | typeof ViewFailure> => {
  try {
    return await load();
  } catch {
    if (startReload()) window.location.reload();
    // A rejection would leave the view empty: preact-iso waits for a module only. An upload may stop the reload.
    return ViewFailure;
  }
};
