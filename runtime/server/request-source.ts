/** What a request tells about its sender. Values of a repeated header are joined by commas, as fetch joins them. */
export interface RequestSource {
  readonly method: string;
  /** The request's target as an absolute URL. */
  readonly url: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`; like the next three absent from programs that are not browsers (W3C, Fetch Metadata). */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  readonly destination: string | undefined;
  readonly user: string | undefined;
}

const loopbackNames = ["127.0.0.1", "localhost"];

/** The origins of a server on loopback. */
export const listOwnOrigins = (port: number): readonly string[] =>
  loopbackNames.map((name) => new URL(`http://${name}:${port}`).origin);

const listOwnHosts = (port: number): readonly string[] => [
  ...loopbackNames.map((name) => `${name}:${port}`),
  // Clients leave HTTP's default port out.
  ...(port === 80 ? loopbackNames : []),
];

/**
 * Whether a request names this server. A page whose name was rebound to 127.0.0.1 sends its own name as Host. A
 * target in absolute form names a host as well (RFC 9112, section 3.2.2); both must be this server's.
 */
export const isForServer = ({ url, host }: RequestSource, port: number): boolean =>
  listOwnHosts(port).includes(host?.toLowerCase() ?? "") &&
  URL.canParse(url) &&
  listOwnOrigins(port).includes(new URL(url).origin);

/**
 * Whether a request is a person's click, on a page of another site, on a link to an output. The browser shows the
 * output in a tab; the page that holds the link learns nothing of it.
 */
const isLinkToOutput = ({ method, url, origin, mode, destination, user }: RequestSource): boolean =>
  method === "GET" &&
  origin === undefined &&
  mode === "navigate" &&
  destination === "document" &&
  user === "?1" &&
  new URL(url).pathname.startsWith("/output/");

/**
 * Whether a page of another origin made a request that it may not make. Another port of localhost is another
 * origin of the same site. Programs send neither Origin nor Sec-Fetch-Site.
 *
 * @param allowedOrigins beside the server's own
 */
export const isForbiddenCrossOrigin = (
  source: RequestSource,
  port: number,
  allowedOrigins: readonly string[],
): boolean => {
  const { origin, site } = source;
  if (origin !== undefined && allowedOrigins.includes(origin)) return false;
  if (origin !== undefined && !listOwnOrigins(port).includes(origin)) return true;
  const isOwnSite = site === undefined || site === "same-origin" || site === "none";
  return !isOwnSite && !isLinkToOutput(source);
};
