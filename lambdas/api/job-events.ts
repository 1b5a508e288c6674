import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { JobDetailsDocument, JobReader } from "./job-reader.ts";
import type { WaitingRequests } from "./waiting-requests.ts";

interface JobEventsOptions {
  readonly reader: JobReader;
  readonly waitingRequests: WaitingRequests;
  readonly heartbeatMs: number;
  readonly log: Logger;
}

/**
 * Streams a job as server-sent events: one event `job` with its document now and after every change, until its status
 * is terminal, the client disconnects or the server stops.
 *
 * @throws ProblemError `too-many-waiting-requests`
 */
export const streamJobEvents = (
  context: Context,
  first: JobDetailsDocument,
  { reader, waitingRequests, heartbeatMs, log }: JobEventsOptions,
): Response => {
  const client = new AbortController();
  const disconnect = (): void => client.abort();
  const { signal, release } = waitingRequests.add(client.signal);
  context.req.raw.signal.addEventListener("abort", disconnect);
  return streamSSE(context, async (stream) => {
    stream.onAbort(disconnect);
    const heartbeat = setInterval(() => void stream.write(": heartbeat\n\n"), heartbeatMs);
    try {
      for await (const { etag, body } of reader.watch(first, signal))
        await stream.writeSSE({ event: "job", id: etag, data: new TextDecoder().decode(body) });
    } catch (cause) {
      log.error("An event stream failed", { jobId: first.details.id, error: cause });
    } finally {
      clearInterval(heartbeat);
      context.req.raw.signal.removeEventListener("abort", disconnect);
      release();
    }
  });
};
