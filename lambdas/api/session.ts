import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isOperator } from "../../pipeline/access/accounts.ts";
import { tokenScopes } from "../../pipeline/access/token-scope.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { type AuthenticationPorts, findCaller, isSameOrigin, sessionCookie } from "./authentication.ts";
import { addPasswordPage, createPasswordSignIn } from "./password-sign-in.ts";
import { describeProblems, limitBody } from "./problems.ts";
import { addProviderSignIn } from "./provider-sign-in.ts";
import { addSignOutPages } from "./sign-out.ts";

const tags = ["Sessions"];

const credentialsSchema = z
  .strictObject({
    name: z.string().describe("Name of the user."),
    password: z.string().max(4096).describe("Password of the user."),
  })
  .meta({ id: "Credentials", description: "Name and password of a user." });
const sessionSchema = z
  .object({
    name: z.string().describe("Name of the user or of the token."),
    scope: z.enum(tokenScopes).describe("What the caller may do: `read`, or `write` as well."),
    isOperator: z
      .boolean()
      .describe("Whether the caller sees and changes everything; otherwise only what belongs to the user."),
  })
  .meta({ id: "Session", description: "Who the caller is." });
const content = { "application/json": { schema: sessionSchema } };

const routes = {
  create: createRoute({
    method: "post",
    path: "/session",
    operationId: "createSession",
    summary: "Sign in",
    security: [],
    description:
      "Checks a user's password and sets the session cookie, which is valid for 12 hours. It is for pages: a request without the header `Sec-Fetch-Site: same-origin` must have the server's own URL in the header `Origin`. Programs use a token. Where users sign in at an identity provider, open /sign-in instead.",
    tags,
    request: {
      body: { required: true, content: { "application/json": { schema: credentialsSchema } } },
    },
    responses: {
      200: { description: "The user is signed in.", content },
      ...describeProblems(
        "invalid-request",
        "invalid-credentials",
        "forbidden-origin",
        "body-too-large",
        "unsupported-media-type",
        "too-many-sign-in-attempts",
      ),
    },
  }),
  read: createRoute({
    method: "get",
    path: "/session",
    operationId: "getSession",
    summary: "Get the caller",
    description: "Returns whose cookie or token the request has.",
    tags,
    responses: {
      200: { description: "The caller.", content },
      ...describeProblems("authentication-required"),
    },
  }),
  remove: createRoute({
    method: "delete",
    path: "/session",
    operationId: "deleteSession",
    summary: "Sign out",
    security: [],
    description:
      "Removes the session cookie, with the headers that `POST /session` needs. A copy of the cookie stays valid until it expires. Where users sign in at an identity provider, the page /sign-out/provider also ends the session there.",
    tags,
    responses: {
      204: { description: "The cookie is removed." },
      ...describeProblems("forbidden-origin"),
    },
  }),
};

/** Adds the operations of sessions, and the pages to sign in and out. */
export const addSessionOperations = (app: OpenAPIHono, ports: AuthenticationPorts, log: Logger): void => {
  const { identityProvider } = ports;
  app.use("/session", limitBody());
  app.use("/sign-in", limitBody());
  app.use("/sign-out", limitBody());
  if (identityProvider === undefined) {
    const signIn = createPasswordSignIn(ports);
    app.openapi(routes.create, async (context) => {
      const { name, password } = context.req.valid("json");
      const user = await signIn(context, name, password);
      return context.json({ name: user.name, scope: "write" as const, isOperator: isOperator(user) }, 200);
    });
    addPasswordPage(app, signIn);
  } else addProviderSignIn(app, ports, identityProvider, log);
  app.openapi(routes.read, async (context) => {
    const caller = await findCaller(context, ports);
    if (caller === undefined)
      throw new ProblemError("authentication-required", "The request has no valid token and no session.");
    const { name, scope } = caller;
    return context.json({ name, scope, isOperator: caller.isOperator }, 200);
  });
  app.openapi(routes.remove, async (context) => {
    if (!isSameOrigin(context))
      throw new ProblemError("forbidden-origin", "Only pages of this server can sign out.");
    sessionCookie.remove(context);
    return context.body(null, 204);
  });
  addSignOutPages(app, ports, log);
};
