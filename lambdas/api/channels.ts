import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import {
  type ChannelDocument,
  channelDocumentSchema,
  channelListSchema,
} from "../../pipeline/api/channel-document.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import {
  type ChannelReader,
  channelPathSchema,
  channelRecordProblems,
  channelLookupProblems as problems,
  channelTags as tags,
  toChannelProblem,
} from "./channel-reader.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { type EncodedDocument, respondWithDocument, serializeDocument } from "./etag.ts";
import { type EventStreamPorts, streamDocuments } from "./event-stream.ts";
import type { ApiChannels } from "./ports.ts";
import { describeProblems } from "./problems.ts";

const noQuerySchema = z.strictObject({});
const channelRequest = { params: channelPathSchema, query: noQuerySchema };
const changedResponses = (description: string) => ({
  200: { description, content: { "application/json": { schema: channelDocumentSchema } } },
  ...describeProblems(...channelRecordProblems),
});

const routes = {
  list: createRoute({
    method: "get",
    path: "/channels",
    operationId: "listChannels",
    summary: "List channels",
    description:
      "Returns the watched channels of the stage with their state, in the order of the configuration. Channels belong to nobody: only an operator sees any.",
    tags,
    request: { query: noQuerySchema, headers: documentHeadersSchema },
    responses: {
      ...describeDocument(channelListSchema, "The channels."),
      ...describeProblems("invalid-request"),
    },
  }),
  read: createRoute({
    method: "get",
    path: "/channels/{name}",
    operationId: "getChannel",
    summary: "Get a channel",
    description: "Returns a channel: its state, what is on now, and its detections against the caps.",
    tags,
    request: { ...channelRequest, headers: documentHeadersSchema },
    responses: {
      ...describeDocument(channelDocumentSchema, "The channel."),
      ...describeProblems(...problems),
    },
  }),
  pause: createRoute({
    method: "post",
    path: "/channels/{name}/pause",
    operationId: "pauseChannel",
    summary: "Pause a channel",
    description:
      "Stops watching a channel until it is resumed: nothing is archived or detected. A channel that is paused already stays so.",
    tags,
    request: channelRequest,
    responses: changedResponses("The paused channel."),
  }),
  resume: createRoute({
    method: "post",
    path: "/channels/{name}/resume",
    operationId: "resumeChannel",
    summary: "Resume a channel",
    description:
      "Watches a paused channel again, from the segments that its playlist has then. A channel that is not paused stays so.",
    tags,
    request: channelRequest,
    responses: changedResponses("The resumed channel."),
  }),
  events: createRoute({
    method: "get",
    path: "/channels/{name}/events",
    operationId: "streamChannelEvents",
    summary: "Follow a channel",
    description:
      "Sends server-sent events: one event `channel` with the channel (Channel) as JSON now and after every change. The id of an event is the ETag of the document. A comment every 15 seconds keeps the connection open. One machine only.",
    tags,
    request: channelRequest,
    responses: {
      200: { description: "The events.", content: { "text/event-stream": { schema: z.string() } } },
      ...describeProblems(...problems, "too-many-waiting-requests"),
    },
  }),
};

interface ChannelOperationOptions {
  readonly reader: ChannelReader;
  readonly store: Pick<ApiChannels["store"], "setPaused">;
  /** Absent: no event streams. */
  readonly events?: EventStreamPorts;
}

/** Adds the operations that list, return, pause, resume and follow channels. */
export const addChannelOperations = (
  app: OpenAPIHono,
  { reader, store, events }: ChannelOperationOptions,
): void => {
  const setPaused = async (context: Context, paused: boolean): Promise<ChannelDocument> => {
    const channel = reader.find(context);
    await toChannelProblem(store.setPaused(channel.name, paused));
    reader.invalidate();
    return reader.read(channel);
  };
  async function* watch(channel: ChannelSettings, signal: AbortSignal): AsyncGenerator<EncodedDocument> {
    let current = serializeDocument(await reader.read(channel));
    yield current;
    for (;;) {
      const next = await reader.waitForNext(channel, signal);
      if (next === undefined) return;
      const document = serializeDocument(next);
      if (document.etag === current.etag) continue;
      current = document;
      yield current;
    }
  }

  app.openapi(routes.list, async (context) => {
    const channels = await Promise.all(reader.list(context).map(reader.read));
    return respondWithDocument(serializeDocument({ channels }), context.req.valid("header")["if-none-match"]);
  });
  app.openapi(routes.read, async (context) =>
    respondWithDocument(
      serializeDocument(await reader.read(reader.find(context))),
      context.req.valid("header")["if-none-match"],
    ),
  );
  app.openapi(routes.pause, async (context) => context.json(await setPaused(context, true), 200));
  app.openapi(routes.resume, async (context) => context.json(await setPaused(context, false), 200));
  if (events !== undefined)
    app.openapi(routes.events, (context) => {
      const channel = reader.find(context);
      return streamDocuments(context, (signal) => watch(channel, signal), {
        ...events,
        event: "channel",
        subject: { channel: channel.name },
      });
    });
};
