import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { rangeClipRequestSchema, rangeClipSchema } from "../../pipeline/api/range-clip.ts";
import { requestRangeClip } from "../../pipeline/highlights/range-clip.ts";
import {
  type ChannelReader,
  channelPathSchema,
  channelRecordProblems,
  channelTags as tags,
  toChannelProblem,
} from "./channel-reader.ts";
import type { ApiChannels } from "./ports.ts";
import { describeProblems, limitBody } from "./problems.ts";

const route = createRoute({
  method: "post",
  path: "/channels/{name}/clips",
  operationId: "createClip",
  summary: "Clip a time range of a channel",
  description:
    "Makes a clip of a part of the archive, at most an hour long. The same range makes one clip, however often it is requested. Follow the clip with the operations of jobs, and play it with those of videos.",
  tags,
  request: {
    params: channelPathSchema,
    query: z.strictObject({}),
    body: {
      description: "The time range.",
      required: true,
      content: { "application/json": { schema: rangeClipRequestSchema } },
    },
  },
  responses: {
    200: { description: "The clip.", content: { "application/json": { schema: rangeClipSchema } } },
    ...describeProblems(
      ...channelRecordProblems,
      "clip-refused",
      "too-many-requests",
      "body-too-large",
      "unsupported-media-type",
    ),
  },
});

interface ChannelClipOptions {
  readonly reader: Pick<ChannelReader, "find">;
  readonly channels: Pick<ApiChannels, "store" | "clipper" | "clock">;
  /** Called when a job was created. */
  readonly onCreated: () => void;
}

/** Adds the operation that clips a time range. */
export const addChannelClips = (
  app: OpenAPIHono,
  { reader, channels: { store, clipper, clock }, onCreated }: ChannelClipOptions,
): void => {
  app.use("/channels/:name/clips", limitBody());
  app.openapi(route, async (context) => {
    const channel = reader.find(context);
    const { from, to } = context.req.valid("json");
    const range = { fromTime: Date.parse(from) / 1000, toTime: Date.parse(to) / 1000 };
    const result = await toChannelProblem(requestRangeClip({ store, clipper }, channel, range));
    switch (result.kind) {
      case "refused":
        throw new ProblemError("clip-refused", result.reason);
      case "deferred": {
        const seconds = Math.ceil((Date.parse(result.notBefore) - clock.now().getTime()) / 1000);
        throw new ProblemError("too-many-requests", `${result.reason} Try again at ${result.notBefore}.`, {
          headers: { "retry-after": String(Math.max(1, seconds)) },
        });
      }
      case "accepted":
        return context.json({ status: result.kind, jobId: null }, 200);
      default:
        onCreated();
        return context.json({ status: result.kind, jobId: result.jobId }, 200);
    }
  });
};
