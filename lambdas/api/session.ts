import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { findUserByPassword, isOperator, type User } from "../../pipeline/access/accounts.ts";
import { tokenScopes } from "../../pipeline/access/token-scope.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import {
  type AuthenticationPorts,
  endSession,
  findCaller,
  isSameOrigin,
  startSession,
} from "./authentication.ts";
import { describeProblems, limitBody } from "./problems.ts";
import { renderSignInPage, signInPageHeaders } from "./sign-in-page.ts";

const tags = ["Session"];

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
    description: "Checks a user's password and sets the session cookie, which is valid for 12 hours.",
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
    description: "Removes the session cookie.",
    tags,
    responses: {
      204: { description: "The cookie is removed." },
      ...describeProblems("forbidden-origin"),
    },
  }),
};

/** The path to open after a sign-in: one of this server, else the list of jobs. */
const toLocalPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes("\\") ? path : "/jobs";

/** Adds the operations of sessions and the sign-in page. */
export const addSessionOperations = (app: OpenAPIHono, ports: AuthenticationPorts): void => {
  const { accounts, clock, signInLimiter } = ports;
  let lastCheck: Promise<unknown> = Promise.resolve();

  const signIn = async (context: Context, name: string, password: string): Promise<User> => {
    if (!isSameOrigin(context))
      throw new ProblemError("forbidden-origin", "Only pages of this server can sign in. Open /sign-in.");
    const waitSeconds = signInLimiter.getWaitSeconds(name.toLowerCase());
    if (waitSeconds > 0)
      throw new ProblemError(
        "too-many-sign-in-attempts",
        `Too many attempts to sign in failed. Try again in ${waitSeconds} s.`,
        { headers: { "retry-after": String(waitSeconds) } },
      );
    const stored = await accounts.read();
    const user = await findUserByPassword(stored, name, password);
    if (user === undefined) {
      signInLimiter.recordFailure(name.toLowerCase());
      throw new ProblemError(
        "invalid-credentials",
        "The name or the password is wrong. To set a password: npx reelway users add NAME",
      );
    }
    signInLimiter.recordSuccess(name.toLowerCase());
    startSession(context, stored, user, clock.now());
    return user;
  };
  /** One at a time: a check takes a core and 32 MB, and counts before the next begins. */
  const signInInTurn = (context: Context, name: string, password: string): Promise<User> => {
    const check = lastCheck.then(() => signIn(context, name, password));
    lastCheck = check.catch(() => undefined);
    return check;
  };

  app.use("/session", limitBody());
  app.use("/sign-in", limitBody());
  app.openapi(routes.create, async (context) => {
    const { name, password } = context.req.valid("json");
    const user = await signInInTurn(context, name, password);
    return context.json({ name: user.name, scope: "write" as const, isOperator: isOperator(user) }, 200);
  });
  app.openapi(routes.read, async (context) => {
    const caller = await findCaller(context, ports);
    if (caller === undefined)
      throw new ProblemError("authentication-required", "The request has no valid token and no session.");
    const { name, scope } = caller;
    return context.json({ name, scope, isOperator: caller.isOperator }, 200);
  });
  app.openapi(routes.remove, (context) => {
    if (!isSameOrigin(context))
      throw new ProblemError("forbidden-origin", "Only pages of this server can sign out.");
    endSession(context);
    return context.body(null, 204);
  });
  app.get("/sign-in", (context) =>
    context.html(renderSignInPage(toLocalPath(context.req.query("next"))), 200, signInPageHeaders),
  );
  app.post("/sign-in", async (context) => {
    const form = await context.req.parseBody();
    const [name, password, next] = [form.name, form.password, form.next].map((value) =>
      typeof value === "string" ? value : "",
    );
    try {
      await signInInTurn(context, name ?? "", password ?? "");
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
      const { status, detail } = cause.problem;
      return new Response(renderSignInPage(toLocalPath(next), detail), {
        status,
        headers: { ...cause.headers, ...signInPageHeaders, "content-type": "text/html; charset=utf-8" },
      });
    }
    return context.redirect(toLocalPath(next), 303);
  });
};
