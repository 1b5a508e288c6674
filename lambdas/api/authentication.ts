import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { type Accounts, findToken, isOperator } from "../../pipeline/access/accounts.ts";
import { type Caller, localCaller } from "../../pipeline/access/caller.ts";
import { createSession, findSessionUser, sessionSeconds } from "../../pipeline/access/session.ts";
import type { SignInLimiter } from "../../pipeline/access/sign-in-limiter.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";

/** Ports of the authentication. */
export interface AuthenticationPorts {
  readonly accounts: AccountStore;
  readonly signInLimiter: SignInLimiter;
  readonly clock: Clock;
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

/** Returns who sends a request; the local caller where nothing is authenticated. */
export const getCaller = (context: Context): Caller => context.get("caller") ?? localCaller;

/** Rejects callers who are no operators. */
export const requireOperator: MiddlewareHandler = async (context, next) => {
  if (!getCaller(context).isOperator)
    throw new ProblemError(
      "operator-required",
      "Only an operator may do this. To make a user an operator: npx reelway users add NAME --operator",
    );
  await next();
};

/** Name of the session cookie. */
export const sessionCookieName = "reelway_session";
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
/** Operations that change nothing, although their method is not safe. */
const isReadOperation = ({ method, path }: Context["req"]): boolean =>
  method === "POST" && /^\/videos\/[^/]+\/playback$/.test(path);

const getCookieOptions = ({ req }: Context) => ({
  path: "/",
  httpOnly: true,
  sameSite: "Lax" as const,
  secure: new URL(req.url).protocol === "https:",
});

/** Sets the session cookie of a user. */
export const startSession = (
  context: Context,
  accounts: Accounts,
  user: Accounts["users"][number],
  now: Date,
): void =>
  setCookie(context, sessionCookieName, createSession(accounts, user, now), {
    ...getCookieOptions(context),
    maxAge: sessionSeconds,
  });

/** Removes the session cookie. */
export const endSession = (context: Context): void => {
  deleteCookie(context, sessionCookieName, getCookieOptions(context));
};

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Finds who sends a request; undefined without valid credentials. */
export const findCaller = async (
  context: Context,
  { accounts, clock, commandToken }: AuthenticationPorts,
): Promise<AuthenticatedCaller | undefined> => {
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
  const session = getCookie(context, sessionCookieName);
  const user =
    session === undefined ? undefined : findSessionUser(await accounts.read(), session, clock.now());
  return (
    user && {
      name: user.name,
      ownerId: user.id,
      isOperator: isOperator(user),
      scope: "write",
      isCookie: true,
    }
  );
};

/** Whether a browser sends the request for a page of this server. Programs send no `Sec-Fetch-Site` and no `Origin`. */
export const isSameOrigin = ({ req }: Context): boolean => {
  const site = req.header("sec-fetch-site");
  const origin = req.header("origin");
  return site === undefined
    ? origin === undefined || origin === new URL(req.url).origin
    : site === "same-origin";
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
          `The token ${caller.name} has scope read and allows only GET requests.`,
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
