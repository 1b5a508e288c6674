import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import type { TextSigner } from "../../pipeline/access/text-signer.ts";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { OperationRefused } from "../../pipeline/jobs/operator.ts";
import type { ResponseStore } from "../../pipeline/responses/response-store.ts";
import {
  createConfirmation,
  readConfirmation,
  signConfirmation,
} from "../../pipeline/videos/confirmation.ts";
import {
  type DeletionPlan,
  type DeletionPorts,
  deleteVideo,
  planDeletion,
} from "../../pipeline/videos/deletion.ts";
import { getCaller } from "./authentication.ts";
import type { ApiJobs, ApiVideos } from "./ports.ts";
import { describeProblems } from "./problems.ts";
import { type VideoReader, videoLookupProblems, videoPathSchema, videoTags } from "./video-reader.ts";

const deleteQuerySchema = z.strictObject({
  confirmation: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe("Token of the problem `confirmation-required`, valid for 15 minutes."),
});

const route = createRoute({
  method: "delete",
  path: "/videos/{id}",
  operationId: "deleteVideo",
  summary: "Delete a video",
  description:
    "Deletes a video for ever: its outputs, its upload and its record. The video of the current version of an upload goes with all older versions of the upload and everything made from them. The first request responds with the problem `confirmation-required`, which says what will be removed; repeat it with the token of the problem. A request that was interrupted can be repeated with the same token.",
  tags: videoTags,
  request: { params: videoPathSchema, query: deleteQuerySchema },
  responses: {
    204: { description: "The video is deleted." },
    ...describeProblems(...videoLookupProblems, "confirmation-required", "job-state-conflict"),
  },
});

const measure = (objects: readonly { readonly bytes: number }[]) => ({
  count: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});

interface VideoDeletionOptions {
  readonly jobs: Pick<ApiJobs, "cancel">;
  readonly videos: Pick<ApiVideos, "store" | "objects" | "clock">;
  readonly reader: Pick<VideoReader, "find" | "findResponse">;
  readonly responses: Pick<ResponseStore, "remove">;
  readonly confirmationSigner: TextSigner;
  /** Called when a video is deleted. */
  readonly onDeleted: () => void;
}

/** Adds the operation that deletes videos. */
export const addVideoDeletion = (
  app: OpenAPIHono,
  { jobs, videos, reader, responses, confirmationSigner, onDeleted }: VideoDeletionOptions,
): void => {
  const { store, objects, clock } = videos;
  const deletionPorts: DeletionPorts = {
    jobs: store,
    objects,
    cancelJob: jobs.cancel,
    async removeReferences(job) {
      const response = await reader.findResponse(job);
      if (response !== undefined) await responses.remove(response);
    },
  };

  const createConfirmationProblem = async (
    ownerId: string | undefined,
    { scope, jobs: removedJobs, sources, outputs }: DeletionPlan,
    videoId: string,
    isRepeated: boolean,
  ): Promise<ProblemError> => {
    const confirmation = createConfirmation(videoId, scope, ownerId, clock.now());
    const reason = isRepeated
      ? "The confirmation is not valid for this deletion, or has expired."
      : "A deletion cannot be undone.";
    return new ProblemError(
      "confirmation-required",
      `${reason} Repeat the request with the query parameter confirmation and the token of this response.`,
      {
        confirmation: {
          token: await signConfirmation(confirmationSigner, confirmation),
          expiresAt: new Date(confirmation.expiresAt * 1000).toISOString(),
          scope,
          sources: measure(sources),
          outputs: measure(outputs),
          jobs: removedJobs.length,
        },
      },
    );
  };

  app.openapi(route, async (context) => {
    const ownerId = getVisibleOwnerId(getCaller(context));
    const { id } = context.req.valid("param");
    const { confirmation: token } = context.req.valid("query");
    const confirmation =
      token === undefined
        ? undefined
        : await readConfirmation(confirmationSigner, token, ownerId, clock.now());
    let video: ListedJob;
    try {
      video = await reader.find(id, ownerId);
    } catch (cause) {
      // An earlier request with this token has deleted the video.
      if (
        confirmation?.videoId.startsWith(id) &&
        cause instanceof ProblemError &&
        cause.problem.status === 404
      )
        return context.body(null, 204);
      throw cause;
    }
    const { job } = video;
    const plan = await planDeletion(deletionPorts, job);
    const isConfirmed =
      confirmation?.videoId === job.id && (confirmation.scope === "upload" || plan.scope === "version");
    if (!isConfirmed) throw await createConfirmationProblem(ownerId, plan, job.id, token !== undefined);
    try {
      if (!(await deleteVideo(deletionPorts, job, plan)))
        throw new ProblemError(
          "job-state-conflict",
          "The job was changed at the same time. Repeat the request.",
        );
    } catch (cause) {
      if (cause instanceof OperationRefused) throw new ProblemError("job-state-conflict", cause.message);
      throw cause;
    } finally {
      onDeleted();
    }
    return context.body(null, 204);
  });
};
