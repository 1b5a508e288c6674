import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { findToken, isOperator } from "../../pipeline/access/accounts.ts";
import { type Caller, localCaller } from "../../pipeline/access/caller.ts";
import { findSessionUser } from "../../pipeline/access/session.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { RateLimiter } from "../../pipeline/ports/rate-limiter.ts";
import type { IdentityProvider } from "./oidc.ts";

/** Ports of the authentication. */
export interface AuthenticationPorts {
  readonly accounts: AccountStore;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  /** Where users sign in. @default at this server, with a password */
  readonly identityProvider?: IdentityProvider;
  /** Returns the network address of a client. @default one address for all clients */
  getClientAddress?(context: Context): string;
  /** Token of the command line on this machine, with scope `write`. @default none */
  readonly commandToken?: string;
}

/** A caller, and how the request proves it. */
interface AuthenticatedCaller extends Caller {
  readonly isCookie: boolean;
}

declare module "hono" {
  interface ContextVariableMap {
    /** Set by `requireAuthentication`. */
    readonly caller?: Caller;
  }
}

/** Paths of the sign-in, which need no authentication. */
export const signInPaths: readonly string[] = [
  "/session",
  "/sign-in",
  "/sign-in/callback",
  "/sign-out",
  "/sign-out/provider",
];

/** Returns who sends a request; the local caller where nothing is authenticated. */
export const getCaller = (context: Context): Caller => context.get("caller") ?? localCaller;

/**
 * Returns who sends a request that changes something, although its method is GET.
 *
 * @throws ProblemError for a token with scope `read`
 */
export const requireWriteScope = (context: Context): Caller => {
  const caller = getCaller(context);
  if (caller.scope === "read")
    throw new ProblemError(
      "insufficient-scope",
      `The token ${caller.name} has scope read. This request needs scope write.`,
    );
  return caller;
};

/** Rejects callers who are no operators. */
export const requireOperator: MiddlewareHandler = async (context, next) => {
  if (!getCaller(context).isOperator)
    throw new ProblemError(
      "operator-required",
      "Only an operator may do this. To make a user an operator: npx reelway users add NAME --operator",
    );
  await next();
};

/** Returns the origin that browsers know the server by. */
export const getOrigin = ({ req }: Context): string => new URL(req.url).origin;

/** Returns the network address of a client, for limits. */
export const getClientAddress = (
  context: Context,
  ports: Pick<AuthenticationPorts, "getClientAddress">,
): string => ports.getClientAddress?.(context) ?? "";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
/** Operations that change nothing, although their method is not safe. */
const isReadOperation = ({ method, path }: Context["req"]): boolean =>
  method === "POST" && /^\/videos\/[^/]+\/playback$/.test(path);

/** A cookie that scripts cannot read. With https, its prefix keeps other hosts and plain http from setting it. */
export const createCookie = (baseName: string) => {
  const getOptions = (context: Context) => {
    const isSecure = getOrigin(context).startsWith("https:");
    return {
      name: isSecure ? `__Host-${baseName}` : baseName,
      options: { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure } as const,
    };
  };
  return {
    read: (context: Context): string | undefined => getCookie(context, getOptions(context).name),
    set(context: Context, value: string, maxAgeSeconds: number): void {
      const { name, options } = getOptions(context);
      setCookie(context, name, value, { ...options, maxAge: maxAgeSeconds });
    },
    remove(context: Context): void {
      const { name, options } = getOptions(context);
      setCookie(context, name, "", { ...options, maxAge: 0 });
    },
  };
};

/** Name of the session cookie, without the prefix that it has with https. */
export const sessionCookieName = "reelway_session";
/** The cookie of a session. */
export const sessionCookie = createCookie(sessionCookieName);

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Finds who sends a request; undefined without valid credentials. */
export const findCaller = async (
  context: Context,
  ports: AuthenticationPorts,
): Promise<AuthenticatedCaller | undefined> => {
  const { accounts, clock, commandToken, identityProvider } = ports;
  const authorization = context.req.header("authorization");
  if (authorization !== undefined) {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (commandToken !== undefined && timingSafeEqual(hash(token), hash(commandToken)))
      return { name: "command line", isOperator: true, scope: "write", isCookie: false };
    const stored = await accounts.read();
    const found = findToken(stored, token, clock.now());
    if (found === undefined) return undefined;
    const { name, scope, ownerId } = found;
    if (ownerId === undefined) return { name, isOperator: true, scope, isCookie: false };
    const owner = stored.users.find(({ id }) => id === ownerId);
    return { name, ownerId, isOperator: owner !== undefined && isOperator(owner), scope, isCookie: false };
  }
  const session = sessionCookie.read(context);
  if (session === undefined) return undefined;
  const user = await findSessionUser(await accounts.read(), identityProvider?.issuer, session, clock.now());
  if (user === undefined) return undefined;
  const { name, ownerId } = user;
  return { name, ownerId, isOperator: isOperator(user), scope: "write", isCookie: true };
};

/**
 * Whether a page of this server sends the request. All browsers send `Sec-Fetch-Site`, or at least `Origin`, with
 * requests that change anything.
 */
export const isSameOrigin = (context: Context): boolean => {
  const { req } = context;
  const site = req.header("sec-fetch-site");
  return site === undefined ? req.header("origin") === getOrigin(context) : site === "same-origin";
};

/** Whether a browser opens the URL as a page. */
export const isNavigation = ({ req }: Context): boolean =>
  req.method === "GET" &&
  req.header("sec-fetch-mode") === "navigate" &&
  req.header("sec-fetch-dest") === "document";

/**
 * Rejects requests without a valid bearer token or session cookie; a browser that opens a page is sent to the sign-in
 * page. Tokens with scope `read` can only read. With a cookie, only pages of this server can change anything.
 *
 * @param isPublic paths that need no authentication
 */
export const requireAuthentication =
  (ports: AuthenticationPorts, isPublic: (path: string) => boolean): MiddlewareHandler =>
  async (context, next) => {
    const { req } = context;
    if (isPublic(req.path)) return next();
    const caller = await findCaller(context, ports);
    if (caller === undefined) {
      if (isNavigation(context)) {
        const { pathname, search } = new URL(req.url);
        return context.redirect(`/sign-in?${new URLSearchParams({ next: pathname + search })}`, 303);
      }
      throw new ProblemError(
        "authentication-required",
        "Send a bearer token or sign in at /sign-in. To create a token: npx reelway tokens create NAME",
        { headers: { "www-authenticate": 'Bearer realm="reelway"' } },
      );
    }
    if (!safeMethods.has(req.method)) {
      if (caller.scope === "read" && !isReadOperation(req))
        throw new ProblemError(
          "insufficient-scope",
          `The token ${caller.name} has scope read and allows only requests that change nothing.`,
          {
            headers: {
              "www-authenticate": 'Bearer realm="reelway", error="insufficient_scope", scope="write"',
            },
          },
        );
      if (caller.isCookie && !isSameOrigin(context))
        throw new ProblemError(
          "forbidden-origin",
          "With a session cookie, only pages of this server can change anything. Send a bearer token instead.",
        );
    }
    context.set("caller", caller);
    return next();
  };
