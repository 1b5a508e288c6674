import createClient, { type Middleware } from "openapi-fetch";
import { bufferResponse } from "./buffer-response.ts";
import type { components, paths } from "./schema.ts";

/** An error of the API (RFC 9457), or of the connection to it. */
export type Problem = components["schemas"]["Problem"];

/** A request that failed. Its message is written for people. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** Absent: the server did not respond, or not as the API does. */
  readonly problem: Problem | undefined;
  constructor(problem: Problem | undefined, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** Whether a request failed because what it names does not exist. */
export const isNotFound = (cause: unknown): boolean =>
  cause instanceof RequestError && cause.problem?.status === 404;

/** Opens the page of the sign-in, which returns to this view. */
export const openSignIn = (): void => {
  const { pathname, search, hash } = window.location;
  window.location.assign(`/sign-in?${new URLSearchParams({ next: pathname + search + hash })}`);
};

let handleMissingSession = openSignIn;

/** Replaces what happens when a request has no session. @default opens the sign-in */
export const setMissingSessionHandler = (handler: () => void): void => {
  handleMissingSession = handler;
};

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "type" in value && "detail" in value;

/** Requests that a shared view sends need no session. */
const isPublic = (url: string): boolean => new URL(url).pathname.startsWith("/shares/");

/** Converts every failure into a `RequestError`; without a session, opens the sign-in. */
const failures: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok || response.status === 304) return undefined;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const problem = isProblem(body) ? body : undefined;
    if (response.status === 401 && !isPublic(request.url)) {
      handleMissingSession();
      // The API's own text is for programs.
      throw new RequestError(problem, "Your session has ended. Sign in, then try again.");
    }
    throw new RequestError(
      problem,
      problem?.detail ?? `The server responded with status ${response.status}. Try again in a moment.`,
    );
  },
  onError({ error }) {
    if (error instanceof RequestError || (error instanceof DOMException && error.name === "AbortError"))
      return undefined;
    return new RequestError(
      undefined,
      error instanceof SyntaxError
        ? "The response is not from Reelway: a proxy or the sign-in of a network may have sent it. Check the connection, then try again."
        : "The server cannot be reached. Check the connection, then try again.",
    );
  },
};

/** The client of the HTTP API. Requests either return `data` or throw `RequestError`, or `AbortError`. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: async (request) => bufferResponse(await fetch(request)),
});
api.use(failures);

/** Returns the body of a response that has one. */
export const getBody = async <Body>(response: Promise<{ readonly data?: Body }>): Promise<Body> => {
  const { data } = await response;
  if (data === undefined) throw new RequestError(undefined, "The server's response has no body.");
  return data;
};
