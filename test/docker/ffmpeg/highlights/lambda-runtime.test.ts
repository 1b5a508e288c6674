import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import {
  type Invocation,
  reportInitializationFailure,
  runLambdaRuntime,
} from "../../../../docker/ffmpeg/highlights/lambda-runtime.ts";

interface QueuedInvocation {
  readonly requestId: string;
  readonly body: string;
}
interface Answer {
  readonly path: string;
  readonly body: unknown;
}

/** A Runtime API with some invocations. After the last one, it answers nothing, as AWS Lambda does. */
const startRuntimeApi = async (invocations: readonly QueuedInvocation[]) => {
  const pending = [...invocations];
  const answers: Answer[] = [];
  let resolveIdle: (() => void) | undefined;
  const idle = new Promise<void>((resolve) => {
    resolveIdle = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      const invocation = pending.shift();
      if (invocation === undefined) {
        resolveIdle?.();
        return;
      }
      response.writeHead(200, {
        "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
        "Lambda-Runtime-Deadline-Ms": "1795000000000",
      });
      response.end(invocation.body);
      return;
    }
    void text(request).then((body) => {
      answers.push({ path: request.url ?? "", body: JSON.parse(body) });
      response.writeHead(202).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `127.0.0.1:${port}`,
    answers,
    /** Resolves when the function waits for an invocation that never comes. */
    idle,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Runs the loop until all invocations are answered. */
const runInvocations = async (
  invocations: readonly QueuedInvocation[],
  handle: (invocation: Invocation) => Promise<unknown>,
): Promise<readonly Answer[]> => {
  const api = await startRuntimeApi(invocations);
  const controller = new AbortController();
  const loop = runLambdaRuntime({ endpoint: api.endpoint, handle, signal: controller.signal }).catch(
    (cause: unknown) => cause,
  );
  await api.idle;
  controller.abort();
  await loop;
  api.close();
  return api.answers;
};

describe("the Lambda runtime of the watcher's image", () => {
  it("answers invocations in order, with the event and the deadline", async () => {
    const handled: Invocation[] = [];
    const answers = await runInvocations(
      [
        { requestId: "a", body: '{"channel":"news"}' },
        { requestId: "b", body: "null" },
      ],
      async (invocation) => {
        handled.push(invocation);
        return { outcome: "deadline" };
      },
    );

    expect(handled).to.deep.equal([
      { requestId: "a", deadlineMs: 1_795_000_000_000, event: { channel: "news" } },
      { requestId: "b", deadlineMs: 1_795_000_000_000, event: null },
    ]);
    expect(answers).to.deep.equal(
      ["a", "b"].map((id) => ({
        path: `/2018-06-01/runtime/invocation/${id}/response`,
        body: { outcome: "deadline" },
      })),
    );
  });

  it("fails an invocation whose handler fails or whose event is not JSON, and goes on", async () => {
    const answers = await runInvocations(
      [
        { requestId: "a", body: "{}" },
        { requestId: "b", body: "not JSON" },
        { requestId: "c", body: "{}" },
      ],
      async ({ requestId }) => {
        if (requestId === "a") throw new TypeError("The table does not exist.");
        return undefined;
      },
    );

    expect(answers.map(({ path }) => path.split("/").slice(-2))).to.deep.equal([
      ["a", "error"],
      ["b", "error"],
      ["c", "response"],
    ]);
    expect(answers[0]?.body).to.deep.equal({
      errorType: "TypeError",
      errorMessage: "The table does not exist.",
      stackTrace: [],
    });
    expect(answers[2]?.body).to.equal(null);
  });

  it("reports that it cannot start", async () => {
    const api = await startRuntimeApi([]);

    await reportInitializationFailure(api.endpoint, new Error("CHANNELS is not valid."));

    expect(api.answers).to.deep.equal([
      {
        path: "/2018-06-01/runtime/init/error",
        body: { errorType: "Error", errorMessage: "CHANNELS is not valid.", stackTrace: [] },
      },
    ]);
    api.close();
  });

  it("ends with an error if the Runtime API does not exist", async () => {
    const failure: unknown = await runLambdaRuntime({
      endpoint: "127.0.0.1:1",
      handle: async () => undefined,
    }).catch((cause: unknown) => cause);

    expect(failure).to.be.an("error");
  });
});
