/**
 * Path of an object on the server, percent-encoded. `*` and `?`, which are wildcards in CloudFront's policies, are encoded
 * too, as are they everywhere: a signature is for one spelling of a path.
 */
export const toObjectUrl = (folder: "input" | "output", key: string): string =>
  `/${folder}/${key
    .split("/")
    .map((segment) => encodeURIComponent(segment).replaceAll("*", "%2A"))
    .join("/")}`;
