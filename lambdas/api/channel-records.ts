import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { type AppearanceList, appearanceListSchema } from "../../pipeline/api/appearance-document.ts";
import { type HighlightsDocument, highlightsDocumentSchema } from "../../pipeline/api/highlights-document.ts";
import {
  type CelebrityList,
  celebrityListSchema,
  type LabelList,
  labelListSchema,
  toCelebrityDocument,
  toLabelDocument,
} from "../../pipeline/api/label-document.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import type { PageOptions } from "../../pipeline/highlights/appearance-store.ts";
import { isSameLabel } from "../../pipeline/highlights/label-name.ts";
import {
  type ChannelReader,
  channelLookupProblems,
  channelPageSchema,
  channelPathSchema,
  channelRecordProblems,
  isNotDeployed,
  maxPageEntries,
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

const labelParameter = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .describe("Only appearances of this label. Case and surrounding white space are ignored.");

const routes = {
  highlights: createRoute({
    method: "get",
    path: "/channels/{name}/highlights",
    operationId: "getHighlights",
    summary: "Get a channel with what was found in it",
    description:
      "Returns the channel and the first pages of its appearances, labels and celebrities in one document: what a view that updates by itself needs. Further pages are those of the operations that list them.",
    tags,
    request: {
      params: channelPathSchema,
      query: z.strictObject({
        limit: channelPageSchema.shape.limit.describe("Maximum number of appearances."),
        label: labelParameter,
      }),
      headers: documentHeadersSchema,
    },
    responses: {
      ...describeDocument(highlightsDocumentSchema, "The channel with what was found in it."),
      ...describeProblems(...channelLookupProblems),
    },
  }),
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
        label: labelParameter,
      }),
      headers: documentHeadersSchema,
    },
    responses: { ...describeDocument(appearanceListSchema, "A page of the appearances."), ...problems },
  }),
};

interface RecordQuery extends PageOptions {
  readonly channel: string;
}
interface AppearanceQuery extends RecordQuery {
  readonly label?: string;
}

interface ChannelRecordOptions {
  readonly reader: Pick<ChannelReader, "find" | "read" | "buildAppearance" | "signImage">;
  readonly store: Pick<ApiChannels["store"], "listLabels" | "listAppearances">;
}

const toCursor = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : toApiCursor(cursor);
const fromQuery = ({ limit, cursor }: z.output<typeof channelPageSchema>): PageOptions => ({
  limit,
  ...(cursor === undefined ? {} : { cursor: fromApiCursor(cursor) }),
});

/** Reads what was found in channels, as documents. */
const createRecordReader = ({ reader, store }: ChannelRecordOptions) => ({
  async readLabels({ channel, ...page }: RecordQuery): Promise<LabelList> {
    const found = await store.listLabels(channel, "label", page);
    return {
      labels: await Promise.all(
        found.labels.map(async (label) => toLabelDocument(label, await reader.signImage(label.imageKey))),
      ),
      cursor: toCursor(found.cursor),
    };
  },
  async readCelebrities({ channel, ...page }: RecordQuery): Promise<CelebrityList> {
    const found = await store.listLabels(channel, "celebrity", page);
    return {
      celebrities: await Promise.all(
        found.labels.map(async (label) => toCelebrityDocument(label, await reader.signImage(label.imageKey))),
      ),
      cursor: toCursor(found.cursor),
    };
  },
  async readAppearances({ channel, ...page }: AppearanceQuery): Promise<AppearanceList> {
    const found = await store.listAppearances(channel, page);
    return {
      appearances: await Promise.all(found.appearances.map(reader.buildAppearance)),
      cursor: toCursor(found.cursor),
    };
  },
});

/** What was found in a channel whose tables do not exist yet. */
const nothingFound: Omit<HighlightsDocument, "channel"> = {
  appearances: { appearances: [], cursor: null },
  labels: { labels: [], cursor: null },
  celebrities: { celebrities: [], cursor: null },
};

/** Adds the operations that return what was found in channels. Concurrent readers of a page share one read. */
export const addChannelRecords = (app: OpenAPIHono, options: ChannelRecordOptions): void => {
  const { reader } = options;
  const { readLabels, readCelebrities, readAppearances } = createRecordReader(options);
  const labels = createSharedReads(async (query: RecordQuery) => serializeDocument(await readLabels(query)));
  const celebrities = createSharedReads(async (query: RecordQuery) =>
    serializeDocument(await readCelebrities(query)),
  );
  const appearances = createSharedReads(async (query: AppearanceQuery) =>
    serializeDocument(await readAppearances(query)),
  );
  const findings = createSharedReads(async ({ channel, ...page }: AppearanceQuery) => {
    const recordQuery = { channel, limit: maxPageEntries };
    const [foundAppearances, foundLabels, foundCelebrities] = await Promise.all([
      readAppearances({ channel, ...page }),
      readLabels(recordQuery),
      readCelebrities(recordQuery),
    ]);
    return { appearances: foundAppearances, labels: foundLabels, celebrities: foundCelebrities };
  });
  /** Appearances have the configuration's spelling. */
  const toLabelQuery = ({ clipLabels }: Pick<ChannelSettings, "clipLabels">, label: string | undefined) =>
    label === undefined ? {} : { label: clipLabels.find((one) => isSameLabel(one, label)) ?? label.trim() };

  app.openapi(routes.highlights, async (context) => {
    const channel = reader.find(context);
    const { label, limit } = context.req.valid("query");
    const query = { channel: channel.name, limit, ...toLabelQuery(channel, label) };
    const [document, found] = await Promise.all([
      reader.read(channel),
      findings
        .find(query)
        .get()
        .catch((cause: unknown) => {
          if (isNotDeployed(cause)) return nothingFound;
          throw cause;
        }),
    ]);
    return respondWithDocument(
      serializeDocument({ channel: document, ...found } satisfies HighlightsDocument),
      context.req.valid("header")["if-none-match"],
    );
  });
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
    const channel = reader.find(context);
    const { label, ...page } = context.req.valid("query");
    const query = { channel: channel.name, ...fromQuery(page), ...toLabelQuery(channel, label) };
    return respondWithDocument(
      await toChannelProblem(appearances.find(query).get()),
      context.req.valid("header")["if-none-match"],
    );
  });
};
