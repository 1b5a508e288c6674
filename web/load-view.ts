const reloadKey = "reelway-reloaded-at";
/** A second failure within this time has another cause than a new version. */
const reloadIntervalMs = 60_000;

/**
 * Loads a view's module. If that fails, the server may have a newer version of the page, whose modules have other names:
 * the page reloads, at most once a minute.
 *
 * @throws the failure of the import
 */
export const loadView = async <View>(load: () => Promise<View>): Promise<View> => {
  try {
    return await load();
  } catch (cause) {
    const reloadedAt = Number(sessionStorage.getItem(reloadKey) ?? 0);
    if (Date.now() - reloadedAt < reloadIntervalMs) throw cause;
    sessionStorage.setItem(reloadKey, String(Date.now()));
    window.location.reload();
    // The page is about to be replaced.
    return new Promise(() => {});
  }
};
