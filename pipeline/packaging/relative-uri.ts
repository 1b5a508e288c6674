/** A key's last name, as it stands in a playlist beside it (RFC 3986: everything else is escaped). */
export const encodeFileName = (key: string): string =>
  encodeURIComponent(key.slice(key.lastIndexOf("/") + 1));

/** How a playlist names another object of its bucket: relative to its own place. */
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
