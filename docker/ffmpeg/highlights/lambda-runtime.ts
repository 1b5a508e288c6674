import { once } from "node:events";
import { IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { formatError } from "../../../pipeline/errors/errors.ts";

/** One invocation of a function. */
export interface Invocation {
  readonly requestId: string;
  /** When AWS Lambda ends it, epoch milliseconds. */
  readonly deadlineMs: number;
  /** The event, as JSON parses it. */
  readonly event: unknown;
}
export interface LambdaRuntimeOptions {
  /** Host and port of the Runtime API: `AWS_LAMBDA_RUNTIME_API`. */
  readonly endpoint: string;
  /** Handles an invocation. What it returns is the response, as JSON. */
  readonly handle: (invocation: Invocation) => Promise<unknown>;
  /** Ends the loop after the current invocation. */
  readonly signal?: AbortSignal;
}

const apiVersion = "2018-06-01";

const describeFailure = (cause: unknown) => ({
  errorType: cause instanceof Error ? cause.name : "Error",
  errorMessage: formatError(cause),
  stackTrace: [],
});

interface NextInvocation {
  readonly status: number;
  readonly getHeader: (name: string) => string | undefined;
  readonly body: string;
}

/**
 * Waits for the next invocation, however long: AWS Lambda freezes the process meanwhile. `fetch` would end with a timeout
 * after five minutes.
 */
const readNext = async (url: string, signal: AbortSignal | undefined): Promise<NextInvocation> => {
  const call = request(url, { agent: false, ...(signal === undefined ? {} : { signal }) });
  call.end();
  const [response]: unknown[] = await once(call, "response");
  if (!(response instanceof IncomingMessage)) throw new Error("The Lambda Runtime API gave no response.");
  return {
    status: response.statusCode ?? 0,
    getHeader: (name) => response.headers[name]?.toString(),
    body: await text(response),
  };
};

const post = async (url: string, body: unknown): Promise<void> => {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body ?? null) });
  if (!response.ok) throw new Error(`The Lambda Runtime API answered ${response.status} to ${url}.`);
};

/** Reports that a function cannot start. AWS Lambda then starts another instance. */
export const reportInitializationFailure = (endpoint: string, cause: unknown): Promise<void> =>
  post(`http://${endpoint}/${apiVersion}/runtime/init/error`, describeFailure(cause));

/**
 * Receives invocations and answers them one after the other, until the signal is aborted: the loop of a function that is
 * a container image without AWS's runtime (AWS Lambda Developer Guide, "Using the Lambda runtime API"). A handler that
 * fails fails its invocation only.
 *
 * @throws Error if the Runtime API cannot be used
 */
export const runLambdaRuntime = async ({ endpoint, handle, signal }: LambdaRuntimeOptions): Promise<void> => {
  const base = `http://${endpoint}/${apiVersion}/runtime/invocation`;
  while (signal?.aborted !== true) {
    const { status, getHeader, body } = await readNext(`${base}/next`, signal);
    const requestId = getHeader("lambda-runtime-aws-request-id");
    if (status !== 200 || requestId === undefined)
      throw new Error(`The Lambda Runtime API answered ${status} without an invocation.`);
    const traceId = getHeader("lambda-runtime-trace-id");
    if (traceId !== undefined) process.env._X_AMZN_TRACE_ID = traceId;
    const deadlineMs = Number(getHeader("lambda-runtime-deadline-ms"));
    let answer: { readonly path: "response" | "error"; readonly body: unknown };
    try {
      const event: unknown = JSON.parse(body);
      answer = { path: "response", body: await handle({ requestId, deadlineMs, event }) };
    } catch (cause) {
      answer = { path: "error", body: describeFailure(cause) };
    }
    await post(`${base}/${requestId}/${answer.path}`, answer.body);
  }
};
