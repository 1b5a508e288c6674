import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findUserByPassword, type User } from "../../pipeline/access/accounts.ts";
import { toLocalPath } from "../../pipeline/access/local-path.ts";
import { createPasswordSession, sessionSeconds } from "../../pipeline/access/session.ts";
import { takePasswordAttempt } from "../../pipeline/access/sign-in-limit.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { type AuthenticationPorts, getClientAddress, isSameOrigin, sessionCookie } from "./authentication.ts";
import { pageHeaders } from "./pages.ts";
import { renderPasswordPage } from "./sign-in-pages.ts";

/**
 * Signs a user in: checks the password and sets the session cookie.
 *
 * @throws ProblemError
 */
export type SignInWithPassword = (context: Context, name: string, password: string) => Promise<User>;

/** Creates the sign-in with a password. */
export const createPasswordSignIn = (ports: AuthenticationPorts): SignInWithPassword => {
  let lastCheck: Promise<unknown> = Promise.resolve();
  /** One at a time: a check takes a core and 32 MB. */
  const checkInTurn = <Result>(check: () => Promise<Result>): Promise<Result> => {
    const result = lastCheck.then(check);
    lastCheck = result.catch(() => undefined);
    return result;
  };

  return async (context, name, password) => {
    if (!isSameOrigin(context))
      throw new ProblemError("forbidden-origin", "Only pages of this server can sign in. Open /sign-in.");
    const waitSeconds = await takePasswordAttempt(ports.rateLimiter, name, getClientAddress(context, ports));
    if (waitSeconds > 0)
      throw new ProblemError(
        "too-many-sign-in-attempts",
        `There were too many attempts to sign in. Try again in ${waitSeconds} s.`,
        { headers: { "retry-after": String(waitSeconds) } },
      );
    const accounts = await ports.accounts.read();
    const user = await checkInTurn(() => findUserByPassword(accounts, name, password));
    if (user === undefined)
      throw new ProblemError(
        "invalid-credentials",
        "The name or the password is wrong. An operator can set a new password.",
      );
    const session = await createPasswordSession(accounts, user, ports.clock.now());
    sessionCookie.set(context, session, sessionSeconds);
    return user;
  };
};

/** Adds the page with the form for a name and a password. */
export const addPasswordPage = (app: OpenAPIHono, signIn: SignInWithPassword): void => {
  app.get("/sign-in", ({ req, body }) =>
    body(renderPasswordPage(toLocalPath(req.query("next"))), 200, pageHeaders),
  );
  app.post("/sign-in", async (context) => {
    const form = await context.req.parseBody();
    const [name = "", password = "", next = ""] = [form.name, form.password, form.next].map((value) =>
      typeof value === "string" ? value : "",
    );
    try {
      await signIn(context, name, password);
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
      const { status, detail } = cause.problem;
      return new Response(renderPasswordPage(toLocalPath(next), detail), {
        status,
        headers: { ...cause.headers, ...pageHeaders },
      });
    }
    return context.redirect(toLocalPath(next), 303);
  });
};
