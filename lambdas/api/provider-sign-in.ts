import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { toLocalPath } from "../../pipeline/access/local-path.ts";
import { createProviderSession, sessionSeconds } from "../../pipeline/access/session.ts";
import { takeProviderAttempt } from "../../pipeline/access/sign-in-limit.ts";
import { readSignedValue, signValue } from "../../pipeline/access/signed-value.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import * as z from "../../pipeline/schema/z.ts";
import {
  type AuthenticationPorts,
  createCookie,
  getClientAddress,
  getOrigin,
  sessionCookie,
} from "./authentication.ts";
import type { IdentityProvider } from "./oidc.ts";
import { pageHeaders } from "./pages.ts";
import { SignInFailure } from "./sign-in-failure.ts";
import { renderSignedInPage, renderSignInFailurePage } from "./sign-in-pages.ts";

/** Time for a sign-in at the provider, seconds. */
const maxSignInSeconds = 15 * 60;

/** Binds a sign-in to the browser that has started it. */
const signInCookie = createCookie("reelway_sign_in");
const signInSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  next: z.string(),
});

/** Describes an error without the tokens and claims that it may carry. */
const describeCause = (cause: unknown): string => {
  if (!(cause instanceof Error)) return "";
  const [error, code] = ["error", "code"].map((name) => Object.getOwnPropertyDescriptor(cause, name)?.value);
  return [cause.message, error ?? code, describeCause(cause.cause)]
    .filter((text) => typeof text === "string" && text !== "")
    .join(": ");
};

/** Responds to a failed sign-in with a page that explains it. */
export const respondWithFailure = (context: Context, cause: unknown, next: string, log: Logger): Response => {
  if (!(cause instanceof SignInFailure)) throw cause;
  if (cause.status >= 500)
    log.warn("A sign-in at the identity provider failed", {
      status: cause.status,
      reason: cause.message,
      cause: describeCause(cause.cause),
    });
  const page = renderSignInFailurePage(next, cause.message, cause.status === 403);
  return context.body(page, cause.status, {
    ...cause.headers,
    ...pageHeaders,
  });
};

/** Adds the start of the sign-in at an identity provider, and the path where the provider sends the browser back. */
export const addProviderSignIn = (
  app: OpenAPIHono,
  ports: AuthenticationPorts,
  provider: IdentityProvider,
  log: Logger,
): void => {
  const { accounts, clock, rateLimiter } = ports;
  const purpose = `sign-in ${provider.issuer}`;
  const getCallbackUrl = async (context: Context): Promise<string> =>
    `${getOrigin(context)}/sign-in/callback`;
  const readSignIn = async (context: Context) => {
    const text = signInCookie.read(context);
    const signIn =
      text === undefined
        ? undefined
        : await readSignedValue(await accounts.read(), purpose, signInSchema, text, clock.now());
    if (signIn === undefined)
      throw new SignInFailure(400, "The sign-in has expired, or was started in another browser.");
    if (context.req.queries("state")?.join() !== signIn.state)
      throw new SignInFailure(400, "Another sign-in was started in this browser in the meantime.");
    return signIn;
  };

  app.get("/sign-in", async (context) => {
    const next = toLocalPath(context.req.query("next"));
    context.header("cache-control", "no-store");
    try {
      const { url, checks } = await provider.startSignIn(await getCallbackUrl(context));
      const value = await signValue(
        await accounts.read(),
        purpose,
        { ...checks, next },
        clock.now(),
        maxSignInSeconds,
      );
      signInCookie.set(context, value, maxSignInSeconds);
      return context.redirect(url, 303);
    } catch (cause) {
      return respondWithFailure(context, cause, next, log);
    }
  });

  app.get("/sign-in/callback", async (context) => {
    let next = toLocalPath(undefined);
    try {
      const { next: signInNext, ...checks } = await readSignIn(context);
      next = toLocalPath(signInNext);
      signInCookie.remove(context);
      const waitSeconds = await takeProviderAttempt(rateLimiter, getClientAddress(context, ports));
      if (waitSeconds > 0)
        throw new SignInFailure(
          429,
          `There were too many attempts to sign in. Try again in ${waitSeconds} s.`,
          { headers: { "retry-after": String(waitSeconds) } },
        );
      const callbackUrl = new URL(await getCallbackUrl(context));
      callbackUrl.search = new URL(context.req.url).search;
      const user = await provider.completeSignIn(callbackUrl, checks);
      const session = await createProviderSession(await accounts.read(), provider.issuer, user, clock.now());
      sessionCookie.set(context, session, sessionSeconds);
      return context.body(renderSignedInPage(next), 200, pageHeaders);
    } catch (cause) {
      return respondWithFailure(context, cause, next, log);
    }
  });
};
