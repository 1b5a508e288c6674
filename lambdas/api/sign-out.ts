import type { OpenAPIHono } from "@hono/zod-openapi";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import {
  type AuthenticationPorts,
  findCaller,
  getOrigin,
  isSameOrigin,
  sessionCookie,
} from "./authentication.ts";
import { pageHeaders } from "./pages.ts";
import { respondWithFailure } from "./provider-sign-in.ts";
import { renderSignedOutPage, renderSignOutPage } from "./sign-in-pages.ts";

/**
 * Adds the pages of the sign-out. `/sign-out/provider` also ends the session at the identity provider, which sends the
 * browser back to `/sign-out`.
 */
export const addSignOutPages = (app: OpenAPIHono, ports: AuthenticationPorts, log: Logger): void => {
  const { identityProvider } = ports;
  app.get("/sign-out", async (context) => {
    const caller = await findCaller(context, ports);
    const page =
      caller === undefined
        ? renderSignedOutPage(identityProvider === undefined ? "none" : "link")
        : renderSignOutPage(caller.name);
    return context.body(page, 200, pageHeaders);
  });
  app.post("/sign-out", async (context) => {
    if (!isSameOrigin(context))
      throw new ProblemError("forbidden-origin", "Only pages of this server can sign out. Open /sign-out.");
    sessionCookie.remove(context);
    return context.body(
      renderSignedOutPage(identityProvider === undefined ? "none" : "open"),
      200,
      pageHeaders,
    );
  });
  app.get("/sign-out/provider", async (context) => {
    context.header("cache-control", "no-store");
    try {
      const returnUrl = `${getOrigin(context)}/sign-out`;
      return context.redirect((await identityProvider?.getSignOutUrl(returnUrl)) ?? returnUrl, 303);
    } catch (cause) {
      return respondWithFailure(context, cause, "/jobs", log);
    }
  });
};
