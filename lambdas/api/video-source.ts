import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import {
  sourceUrlSeconds,
  type VideoSourceDocument,
  videoSourceSchema,
} from "../../pipeline/api/video-source.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import { isSourceVersion } from "../../pipeline/videos/source-version.ts";
import { getCaller } from "./authentication.ts";
import type { ApiVideos } from "./ports.ts";
import { describeProblems } from "./problems.ts";
import { type VideoReader, videoLookupProblems, videoPathSchema, videoTags } from "./video-reader.ts";

const route = createRoute({
  method: "get",
  path: "/videos/{id}/source",
  operationId: "getVideoSource",
  summary: "Get the upload of a video",
  description:
    "Returns a URL by which the upload of a video, in exactly its version, can be played or saved for an hour, whatever the status of the video. A browser plays it only if it supports its format.",
  tags: videoTags,
  request: { params: videoPathSchema, query: z.strictObject({}) },
  responses: {
    200: {
      description: "The upload.",
      content: { "application/json": { schema: videoSourceSchema } },
    },
    ...describeProblems(...videoLookupProblems, "object-not-found"),
  },
});

interface VideoSourceOptions {
  readonly reader: Pick<VideoReader, "find">;
  readonly videos: Pick<ApiVideos, "objects" | "sourceSigner" | "clock">;
}

/** Adds the operation that returns the upload of a video. */
export const addVideoSource = (
  app: OpenAPIHono,
  { reader, videos: { objects, sourceSigner, clock } }: VideoSourceOptions,
): void => {
  app.openapi(route, async (context) => {
    const { job } = await reader.find(context.req.valid("param").id, getVisibleOwnerId(getCaller(context)));
    const { bucket, key, versionId, segmentList } = job.source;
    if (segmentList !== undefined)
      throw new ProblemError(
        "object-not-found",
        `The source of video ${job.id} is not one file: it was cut from the archived segments of a channel.`,
      );
    const reference = { bucket, key, ...(versionId === undefined ? {} : { versionId }) };
    const head = await objects.head(reference);
    if (head === undefined || !isSourceVersion(job, head))
      throw new ProblemError(
        "object-not-found",
        `The upload of video ${job.id}, ${key}, does not exist any more in this version.`,
      );
    const { versionId: headVersionId } = head;
    const source = headVersionId === undefined ? reference : { ...reference, versionId: headVersionId };
    const fileName = key.slice(key.lastIndexOf("/") + 1);
    const expiresAt = new Date((Math.floor(clock.now().getTime() / 1000) + sourceUrlSeconds) * 1000);
    const document: VideoSourceDocument = {
      url: await sourceSigner.signUrl(source, { fileName, expirySeconds: sourceUrlSeconds }),
      fileName,
      contentType: head.contentType ?? getContentType(key),
      bytes: head.bytes,
      expiresAt: expiresAt.toISOString(),
    };
    context.header("cache-control", "no-store");
    return context.json(document, 200);
  });
};
