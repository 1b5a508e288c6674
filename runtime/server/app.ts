import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { HttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Control } from "../control.ts";
import { createControlApi } from "./control.ts";
import { toErrorResponse } from "./error-response.ts";
import { serveObjects } from "./objects.ts";
import { createSubscriptionsApi } from "./subscriptions.ts";

interface AppOptions {
  readonly objects: ObjectStore;
  readonly buckets: { readonly input: string; readonly output: string };
  readonly control: Control;
  /** Folder for incomplete uploads. */
  readonly uploadStaging: string;
  /** The transcoder API, with all its paths under /2012-09-25. */
  readonly transcoder: Hono;
  readonly subscriptions: HttpSubscriptions;
  readonly log: Logger;
}

/** Creates the HTTP app of the one-machine runtime. */
export const createApp = (options: AppOptions): Hono => {
  const app = new Hono();
  app.onError((cause, context) => {
    if (cause instanceof HTTPException) return cause.getResponse();
    options.log.error("A request failed", { path: context.req.path, error: cause });
    const { status, message } = toErrorResponse(cause);
    return context.json({ message }, status);
  });
  app.notFound((context) =>
    context.json(
      {
        message:
          "Path not found. Available paths: /output/KEY, /input/KEY, /reelway/jobs and the transcoder API at /2012-09-25.",
      },
      404,
    ),
  );
  for (const [name, bucket] of Object.entries(options.buckets))
    app.get(`/${name}/*`, serveObjects(options.objects, bucket, `/${name}/`));
  app.route("/reelway/subscriptions", createSubscriptionsApi(options.subscriptions));
  app.route("/reelway", createControlApi(options.control, options.uploadStaging));
  app.all("/2012-09-25/*", (context) => options.transcoder.fetch(context.req.raw));
  return app;
};
