import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { EncodedDocument } from "./etag.ts";
import type { WaitingRequests } from "./waiting-requests.ts";

/** Ports of event streams. */
export interface EventStreamPorts {
  readonly waitingRequests: WaitingRequests;
  readonly heartbeatMs: number;
  readonly log: Logger;
}

interface EventStreamOptions extends EventStreamPorts {
  /** Name of the events. */
  readonly event: string;
  /** What the stream is about, for the log. */
  readonly subject: Readonly<Record<string, string>>;
}

/**
 * Streams documents as server-sent events, until they end, the client disconnects or the server stops. The id of an event
 * is the ETag of its document.
 *
 * @param watch yields the documents, until the signal is aborted
 * @throws ProblemError `too-many-waiting-requests`
 */
export const streamDocuments = (
  context: Context,
  watch: (signal: AbortSignal) => AsyncIterable<EncodedDocument>,
  { event, subject, waitingRequests, heartbeatMs, log }: EventStreamOptions,
): Response => {
  const client = new AbortController();
  const disconnect = (): void => client.abort();
  const { signal, release } = waitingRequests.add(client.signal);
  context.req.raw.signal.addEventListener("abort", disconnect);
  return streamSSE(context, async (stream) => {
    stream.onAbort(disconnect);
    const heartbeat = setInterval(() => void stream.write(": heartbeat\n\n"), heartbeatMs);
    try {
      for await (const { etag, body } of watch(signal))
        await stream.writeSSE({ event, id: etag, data: new TextDecoder().decode(body) });
    } catch (cause) {
      log.error("An event stream failed", { ...subject, error: cause });
    } finally {
      clearInterval(heartbeat);
      context.req.raw.signal.removeEventListener("abort", disconnect);
      release();
    }
  });
};
