import { ViewFailure } from "./components/view-failure.tsx";

const reloadKey = "reelway-reloaded-at";
/** A second failure within this time has another cause than a new version. */
const reloadIntervalMs = 60_000;

/** Reloads the page, at most once a minute. Where the browser blocks storage, a reload could repeat for ever. */
const reloadOnce = (): void => {
  try {
    const reloadedAt = Number(sessionStorage.getItem(reloadKey) ?? 0);
    if (Date.now() - reloadedAt < reloadIntervalMs) return;
    sessionStorage.setItem(reloadKey, String(Date.now()));
    window.location.reload();
  } catch {
    // The caller says that the view cannot be shown.
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
    reloadOnce();
    // A rejection would leave the view empty: preact-iso waits for a module only. An upload may stop the reload.
    return ViewFailure;
  }
};
