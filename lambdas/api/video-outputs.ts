import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { buildVideoOutputList, videoOutputListSchema } from "../../pipeline/api/video-outputs.ts";
import { getCaller } from "./authentication.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { respondWithDocument, serializeDocument } from "./etag.ts";
import { describeProblems, toPlaybackProblem } from "./problems.ts";
import { type VideoReader, videoLookupProblems, videoPathSchema, videoTags } from "./video-reader.ts";

const route = createRoute({
  method: "get",
  path: "/videos/{id}/outputs",
  operationId: "listVideoOutputs",
  summary: "List the outputs of a video",
  description:
    "Returns the outputs of a Complete video with URLs by which each can be saved. To play a ladder, use `POST /videos/{id}/playback`: its manifests need the cookies of its folder.",
  tags: videoTags,
  request: { params: videoPathSchema, query: z.strictObject({}), headers: documentHeadersSchema },
  responses: {
    ...describeDocument(videoOutputListSchema, "The outputs."),
    ...describeProblems(...videoLookupProblems, "job-state-conflict", "playback-unavailable"),
  },
});

/** Adds the operation that lists the outputs of a video. */
export const addVideoOutputs = (
  app: OpenAPIHono,
  reader: Pick<VideoReader, "findWithOutputs" | "signUrl">,
): void => {
  app.openapi(route, async (context) => {
    const job = await reader.findWithOutputs(
      context.req.valid("param").id,
      getVisibleOwnerId(getCaller(context)),
    );
    const list = await toPlaybackProblem(buildVideoOutputList(job, reader.signUrl));
    return respondWithDocument(serializeDocument(list), context.req.valid("header")["if-none-match"]);
  });
};
