/** A key's last name, as it stands in a playlist beside it (RFC 3986: everything else is escaped). */
export const nameUri = (key: string): string => encodeURIComponent(key.slice(key.lastIndexOf("/") + 1));

/** How a playlist names another object of its bucket: relative to its own place. */
export const relativeUri = (from: string, to: string): string => {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/").slice(0, -1);
  const common = here.findIndex((folder, depth) => folder !== there[depth]);
  const shared = common < 0 ? here.length : common;
  return [
    ...here.slice(shared).map(() => ".."),
    ...there.slice(shared).map(encodeURIComponent),
    nameUri(to),
  ].join("/");
};
