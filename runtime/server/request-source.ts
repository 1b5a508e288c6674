import { isViewPath } from "../../pipeline/api/page.ts";

/** Headers of a request that identify its sender. Values of a repeated header are joined by commas, as in fetch. */
export interface RequestSource {
  readonly method: string;
  /** The request's target as an absolute URL. */
  readonly url: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`. Only browsers send this and the next three (W3C, Fetch Metadata). */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  readonly destination: string | undefined;
  readonly user: string | undefined;
}

const loopbackNames = ["127.0.0.1", "localhost"];

/** Lists the origins of a server on loopback. */
export const listOwnOrigins = (port: number): readonly string[] =>
  loopbackNames.map((name) => new URL(`http://${name}:${port}`).origin);

const listOwnHosts = (port: number): readonly string[] => [
  ...loopbackNames.map((name) => `${name}:${port}`),
  // Clients omit HTTP's default port.
  ...(port === 80 ? loopbackNames : []),
];

/**
 * Whether a request is addressed to this server. A page in a DNS rebinding attack sends its own name as Host. A target in
 * absolute form names a host as well (RFC 9112, section 3.2.2); both must match this server.
 */
export const isForServer = ({ url, host }: RequestSource, port: number): boolean =>
  listOwnHosts(port).includes(host?.toLowerCase() ?? "") &&
  URL.canParse(url) &&
  listOwnOrigins(port).includes(new URL(url).origin);

/** Pages that an identity provider, or a redirect from an output without a session, opens. They change nothing. */
const signInPages = ["/sign-in", "/sign-in/callback", "/sign-out"];

/** Paths that a click on a link of another site opens. */
const outputFolder = "/output/";

/**
 * Shares, which another site may also open without a click, e.g. by a redirect: their token is a secret. The page, to whose
 * view they lead, has no data of its own.
 */
const isShareOrView = (path: string): boolean => path.startsWith("/shares/") || isViewPath(path);

/**
 * Whether a browser opens a page of this server for another site: a view, a share, a page of the sign-in, or an output that
 * the user has clicked. The browser shows it in a tab; the other site gets no access to it.
 */
const isAllowedNavigation = ({ method, url, origin, mode, destination, user }: RequestSource): boolean => {
  const { pathname } = new URL(url);
  return (
    method === "GET" &&
    origin === undefined &&
    mode === "navigate" &&
    destination === "document" &&
    ((user === "?1" && pathname.startsWith(outputFolder)) ||
      isShareOrView(pathname) ||
      signInPages.includes(pathname))
  );
};

/**
 * Whether a request comes from a page of an origin that is not allowed. Another port of localhost is another origin of
 * the same site. Programs send neither Origin nor Sec-Fetch-Site.
 *
 * @param allowedOrigins in addition to the server's own
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
  return !isOwnSite && !isAllowedNavigation(source);
};
