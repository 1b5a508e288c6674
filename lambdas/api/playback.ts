import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { createShareToken, parseShareToken } from "../../pipeline/access/share.ts";
import type { TextSigner } from "../../pipeline/access/text-signer.ts";
import { toSharedViewPath } from "../../pipeline/api/page.ts";
import {
  createShareSchema,
  type PlaybackDocument,
  playbackSchema,
  sharedPlaybackSchema,
  shareSchema,
} from "../../pipeline/api/playback.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import { splitKey } from "../../pipeline/routing/template.ts";
import {
  findPlayable,
  findPosterKey,
  findStoryboardKeys,
  type Playable,
} from "../../pipeline/videos/playable.ts";
import { getCaller, isNavigation } from "./authentication.ts";
import type { ApiVideos } from "./ports.ts";
import { describeProblems, limitBody, toPlaybackProblem } from "./problems.ts";
import type { VideoReader } from "./video-reader.ts";

const tags = ["Videos"];

/** Validity of signed URLs and cookies, seconds: a film, with pauses. */
const playbackSeconds = 12 * 3600;

/** Longest value of a cookie's attribute that browsers accept (RFC 6265bis, section 5.6). */
const maxAttributeLength = 1024;

const idPath = z.object({ id: z.string().describe("Id of the video, or its beginning.") });
const tokenPath = z.object({ token: z.string().describe("Token of the link.") });
const noQuery = z.strictObject({});
const openQuery = z.strictObject({
  t: z
    .string()
    .optional()
    .describe("Time at which the page starts the video, e.g. `83` or `1m23s`; for browsers alone."),
});
const content = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });
const playbackContent = content(playbackSchema);
const videoProblems = [
  "invalid-request",
  "video-not-found",
  "ambiguous-job-id",
  "job-state-conflict",
] as const;
const playbackProblems = [...videoProblems, "playback-unavailable"] as const;

const routes = {
  play: createRoute({
    method: "post",
    path: "/videos/{id}/playback",
    operationId: "playVideo",
    summary: "Play a video",
    description:
      "Returns the URL for a player. For a ladder it also sets the cookies that all files of its folder need; a player sends them by itself on the same server. Both are valid for 12 hours. A token with scope `read` may call it.",
    tags,
    request: { params: idPath, query: noQuery },
    responses: {
      200: { description: "How to play the video.", content: playbackContent },
      ...describeProblems(...playbackProblems),
    },
  }),
  share: createRoute({
    method: "post",
    path: "/videos/{id}/shares",
    operationId: "shareVideo",
    summary: "Share a video",
    description:
      "Returns a link by which everybody can play the video without signing in. It ends at its expiry, and when the video is deleted.",
    tags,
    request: {
      params: idPath,
      query: noQuery,
      body: { description: "The share.", required: true, content: content(createShareSchema) },
    },
    responses: {
      200: { description: "The link.", content: content(shareSchema) },
      ...describeProblems(...videoProblems, "body-too-large", "unsupported-media-type"),
    },
  }),
  open: createRoute({
    method: "get",
    path: "/shares/{token}",
    operationId: "openShare",
    summary: "Open a share",
    description:
      "Returns how to play a shared video, as `POST /videos/{id}/playback` does. A browser that opens the link is redirected to the page of the video instead.",
    tags,
    security: [],
    request: { params: tokenPath, query: openQuery },
    responses: {
      200: { description: "How to play the video.", content: content(sharedPlaybackSchema) },
      303: { description: "A browser is redirected to the page of the video." },
      ...describeProblems(...playbackProblems, "invalid-signature", "expired-url"),
    },
  }),
};

/** A `Path` that browsers accept: that of the folder, or of the nearest folder above it that is short enough. */
const toCookiePath = (path: string): string =>
  path.length <= maxAttributeLength ? path : path.slice(0, path.lastIndexOf("/", maxAttributeLength - 1) + 1);

interface PlaybackOperationOptions {
  readonly reader: Pick<VideoReader, "findWithOutputs">;
  readonly videos: Pick<ApiVideos, "playbackSigner" | "clock">;
  readonly shareSigner: TextSigner;
}

/** Adds the operations that play and share videos. */
export const addPlaybackOperations = (
  app: OpenAPIHono,
  { reader, videos: { playbackSigner, clock }, shareSigner }: PlaybackOperationOptions,
): void => {
  /**
   * Finds a video with its playable output.
   *
   * @param ownerId only the videos of this user exist for the caller; undefined: all videos
   */
  const findVideo = async (idOrPrefix: string, ownerId: string | undefined) => {
    const job = await reader.findWithOutputs(idOrPrefix, ownerId);
    const playable = findPlayable(job);
    if (playable === undefined)
      throw new ProblemError("video-not-found", `Video ${job.id} has no output that can be played.`);
    return { job, playable };
  };

  const signVideo = async (
    context: Context,
    { job, playable }: { readonly job: Job; readonly playable: Playable },
    expiresAt: Date,
  ): Promise<PlaybackDocument> => {
    const { folder } = playable;
    const toUrl = async (key: string): Promise<string> => {
      const url =
        folder === undefined && playbackSigner !== undefined
          ? await playbackSigner.signUrl(key, expiresAt)
          : toObjectUrl("output", key);
      return new URL(url, context.req.url).href;
    };
    const cookies = folder === undefined ? [] : await playbackSigner?.signFolder(folder, expiresAt);
    const posterKey = findPosterKey(job);
    const storyboardKey = findStoryboardKeys(job)?.cues;
    const { kind, key, contentType } = playable;
    const document = {
      url: await toUrl(key),
      kind,
      contentType,
      title: splitKey(job.source.key, "").name,
      poster: posterKey === undefined ? null : await toUrl(posterKey),
      storyboard: storyboardKey === undefined ? null : await toUrl(storyboardKey),
      expiresAt: expiresAt.toISOString(),
    };
    for (const { name, value, path } of cookies ?? [])
      setCookie(context, name, value, {
        path: toCookiePath(path),
        httpOnly: true,
        sameSite: "Lax",
        secure: new URL(context.req.url).protocol === "https:",
        maxAge: Math.floor((expiresAt.getTime() - clock.now().getTime()) / 1000),
      });
    return document;
  };
  /** Rounded down to seconds, like every expiry. */
  const addSeconds = (seconds: number): Date =>
    new Date((Math.floor(clock.now().getTime() / 1000) + seconds) * 1000);

  app.use("/videos/:id/shares", limitBody());
  app.use("/shares/*", async (context, next) => {
    await next();
    // The token is a secret; the next page does not learn it.
    context.header("referrer-policy", "no-referrer");
  });
  app.openapi(routes.play, async (context) => {
    const video = await findVideo(context.req.valid("param").id, getVisibleOwnerId(getCaller(context)));
    context.header("cache-control", "no-store");
    return context.json(await toPlaybackProblem(signVideo(context, video, addSeconds(playbackSeconds))), 200);
  });
  app.openapi(routes.share, async (context) => {
    const { job } = await findVideo(context.req.valid("param").id, getVisibleOwnerId(getCaller(context)));
    const expiresAt = addSeconds(context.req.valid("json").expiresInSeconds);
    const token = await createShareToken(shareSigner, { videoId: job.id, expiresAt });
    context.header("cache-control", "no-store");
    return context.json(
      { url: new URL(`/shares/${token}`, context.req.url).href, expiresAt: expiresAt.toISOString() },
      200,
    );
  });
  app.openapi(routes.open, async (context) => {
    const { token } = context.req.valid("param");
    if (isNavigation(context))
      return context.redirect(toSharedViewPath(token, context.req.valid("query").t), 303);
    const share = await parseShareToken(shareSigner, token);
    if (share === undefined)
      throw new ProblemError("invalid-signature", "The link is not valid. Use the link unchanged.");
    if (share.expiresAt <= clock.now())
      throw new ProblemError("expired-url", "The link has expired. Ask for a new one.");
    const video = await findVideo(share.videoId, undefined);
    const expiresAt = new Date(Math.min(share.expiresAt.getTime(), addSeconds(playbackSeconds).getTime()));
    const document = await toPlaybackProblem(signVideo(context, video, expiresAt));
    context.header("cache-control", "no-store");
    return context.json({ ...document, linkExpiresAt: share.expiresAt.toISOString() }, 200);
  });
};
