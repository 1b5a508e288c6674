import { ViewFailure } from "./components/view-failure.tsx";

const reloadKey = "reelway-reloaded-at";
/** A second failure within this time has another cause than a new version. */
const reloadIntervalMs = 60_000;

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
    const reloadedAt = Number(sessionStorage.getItem(reloadKey) ?? 0);
    if (Date.now() - reloadedAt >= reloadIntervalMs) {
      sessionStorage.setItem(reloadKey, String(Date.now()));
      window.location.reload();
    }
    // A rejection would leave the view empty: preact-iso waits for a module only. An upload may stop the reload.
    return ViewFailure;
  }
};
