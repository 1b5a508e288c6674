/** File name of a key, percent-encoded for a playlist in the same folder (RFC 3986). */
export const encodeFileName = (key: string): string =>
  encodeURIComponent(key.slice(key.lastIndexOf("/") + 1));

/** URI of an object relative to a playlist in the same bucket. */
export const buildRelativeUri = (from: string, to: string): string => {
  const fromFolders = from.split("/").slice(0, -1);
  const toFolders = to.split("/").slice(0, -1);
  const common = fromFolders.findIndex((folder, depth) => folder !== toFolders[depth]);
  const shared = common < 0 ? fromFolders.length : common;
  return [
    ...fromFolders.slice(shared).map(() => ".."),
    ...toFolders.slice(shared).map(encodeURIComponent),
    encodeFileName(to),
  ].join("/");
};
