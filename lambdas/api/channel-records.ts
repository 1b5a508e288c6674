import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { type AppearanceList, appearanceListSchema } from "../../pipeline/api/appearance-document.ts";
import {
  type CelebrityList,
  celebrityListSchema,
  type LabelList,
  labelListSchema,
  toCelebrityDocument,
  toLabelDocument,
} from "../../pipeline/api/label-document.ts";
import type { PageOptions } from "../../pipeline/highlights/appearance-store.ts";
import { isSameLabel } from "../../pipeline/highlights/label-name.ts";
import {
  type ChannelReader,
  channelPageSchema,
  channelPathSchema,
  channelRecordProblems,
  channelTags as tags,
  toChannelProblem,
} from "./channel-reader.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { respondWithDocument, serializeDocument } from "./etag.ts";
import { fromApiCursor, toApiCursor } from "./job-list.ts";
import type { ApiChannels } from "./ports.ts";
import { describeProblems } from "./problems.ts";
import { createSharedReads } from "./shared-reads.ts";

const problems = describeProblems(...channelRecordProblems);

const routes = {
  labels: createRoute({
    method: "get",
    path: "/channels/{name}/labels",
    operationId: "listLabels",
    summary: "List the labels of a channel",
    description: "Lists the labels that were detected within the retention of the channel, last seen first.",
    tags,
    request: { params: channelPathSchema, query: channelPageSchema, headers: documentHeadersSchema },
    responses: { ...describeDocument(labelListSchema, "A page of the labels."), ...problems },
  }),
  celebrities: createRoute({
    method: "get",
    path: "/channels/{name}/celebrities",
    operationId: "listCelebrities",
    summary: "List the celebrities of a channel",
    description:
      "Lists the celebrities that were recognized within the retention of the channel, last seen first.",
    tags,
    request: { params: channelPathSchema, query: channelPageSchema, headers: documentHeadersSchema },
    responses: { ...describeDocument(celebrityListSchema, "A page of the celebrities."), ...problems },
  }),
  appearances: createRoute({
    method: "get",
    path: "/channels/{name}/appearances",
    operationId: "listAppearances",
    summary: "List the appearances of a channel",
    description:
      "Lists the appearances of the labels to clip, newest start first, with their clips. To play a clip, open one of its `playables`, or use the operations of videos with its `jobId`.",
    tags,
    request: {
      params: channelPathSchema,
      query: channelPageSchema.extend({
        label: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe("Only appearances of this label. Case and surrounding white space are ignored."),
      }),
      headers: documentHeadersSchema,
    },
    responses: { ...describeDocument(appearanceListSchema, "A page of the appearances."), ...problems },
  }),
};

interface RecordQuery extends PageOptions {
  readonly channel: string;
}

interface ChannelRecordOptions {
  readonly reader: Pick<ChannelReader, "find" | "buildAppearance" | "signImage">;
  readonly store: Pick<ApiChannels["store"], "listLabels" | "listAppearances">;
}

const toCursor = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : toApiCursor(cursor);
const fromQuery = ({ limit, cursor }: z.output<typeof channelPageSchema>): PageOptions => ({
  limit,
  ...(cursor === undefined ? {} : { cursor: fromApiCursor(cursor) }),
});

/** Adds the operations that list what was found in channels. Concurrent readers of a page share one read. */
export const addChannelRecords = (app: OpenAPIHono, { reader, store }: ChannelRecordOptions): void => {
  const labels = createSharedReads(async ({ channel, ...page }: RecordQuery) => {
    const found = await store.listLabels(channel, "label", page);
    const list: LabelList = {
      labels: await Promise.all(
        found.labels.map(async (label) => toLabelDocument(label, await reader.signImage(label.imageKey))),
      ),
      cursor: toCursor(found.cursor),
    };
    return serializeDocument(list);
  });
  const celebrities = createSharedReads(async ({ channel, ...page }: RecordQuery) => {
    const found = await store.listLabels(channel, "celebrity", page);
    const list: CelebrityList = {
      celebrities: await Promise.all(
        found.labels.map(async (label) => toCelebrityDocument(label, await reader.signImage(label.imageKey))),
      ),
      cursor: toCursor(found.cursor),
    };
    return serializeDocument(list);
  });
  const appearances = createSharedReads(
    async ({ channel, ...page }: RecordQuery & { readonly label?: string }) => {
      const found = await store.listAppearances(channel, page);
      const list: AppearanceList = {
        appearances: await Promise.all(found.appearances.map(reader.buildAppearance)),
        cursor: toCursor(found.cursor),
      };
      return serializeDocument(list);
    },
  );

  app.openapi(routes.labels, async (context) => {
    const query = { channel: reader.find(context).name, ...fromQuery(context.req.valid("query")) };
    return respondWithDocument(
      await toChannelProblem(labels.find(query).get()),
      context.req.valid("header")["if-none-match"],
    );
  });
  app.openapi(routes.celebrities, async (context) => {
    const query = { channel: reader.find(context).name, ...fromQuery(context.req.valid("query")) };
    return respondWithDocument(
      await toChannelProblem(celebrities.find(query).get()),
      context.req.valid("header")["if-none-match"],
    );
  });
  app.openapi(routes.appearances, async (context) => {
    const { name: channel, clipLabels } = reader.find(context);
    const { label, ...page } = context.req.valid("query");
    const query = {
      channel,
      ...fromQuery(page),
      // Appearances have the configuration's spelling.
      ...(label === undefined
        ? {}
        : { label: clipLabels.find((one) => isSameLabel(one, label)) ?? label.trim() }),
    };
    return respondWithDocument(
      await toChannelProblem(appearances.find(query).get()),
      context.req.valid("header")["if-none-match"],
    );
  });
};
