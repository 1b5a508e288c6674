import type { MiddlewareHandler } from "hono";

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Keeps web pages away from a server on loopback. A page whose name was rebound to 127.0.0.1 sends its own name
 * as Host; a page that posts across origins sends its Origin.
 *
 * @param port the port the server listens on
 */
export const guardLoopback =
  (port: () => number): MiddlewareHandler =>
  async (context, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = context.req.header("host");
    if (host === undefined || !hosts.includes(host.toLowerCase()))
      return context.json({ message: `This server answers for ${hosts.join(" and ")} only.` }, 421);
    const origin = context.req.header("origin");
    const foreign =
      (origin !== undefined && !hosts.some((name) => origin === `http://${name}`)) ||
      context.req.header("sec-fetch-site") === "cross-site";
    if (foreign && !safe.has(context.req.method))
      return context.json({ message: "Requests of other origins that change something are refused." }, 403);
    await next();
  };
