import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import { formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import type { ResponseRecord } from "../../pipeline/responses/response.ts";
import type { ResponseKey } from "../../pipeline/responses/response-request.ts";
import type { ResponseFilter, ResponseStore } from "../../pipeline/responses/response-store.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { Item } from "./item.ts";
import { createItemStore, queryAllItems } from "./item-store.ts";
import { decodePageCursor, takePage } from "./pages.ts";

const itemSchema = z.object({
  Project: z.string(),
  Step: z.string(),
  Mail: z.string(),
  video: z.string(),
  videoKeyStem: z.string(),
  status: z.enum(["Requested", ...jobStatuses]),
  jobId: z.optional(z.string()),
  version: z.optional(z.object({ sequencer: z.optional(z.string()), modifiedAt: z.optional(z.string()) })),
  ownerId: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  expiresAt: z.optional(z.number()),
  revision: z.number(),
});

const formatProjectStep = (project: string, step: string): string => `${project}-${step}`;

const toItemKey = ({ project, step, mail }: ResponseKey) => ({
  ProjectStep: formatProjectStep(project, step),
  Mail: mail,
});

const toAttributes = ({ project, step, mail: _mail, ...record }: ResponseRecord): Item => ({
  ...record,
  Project: project,
  Step: step,
  createdAtId: formatCreatedAtId({ createdAt: record.createdAt, id: record.videoKeyStem }),
});

/** Converts an item; undefined if it is not a response. */
const toRecord = (item: Item | undefined): ResponseRecord | undefined => {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const { Project: project, Step: step, Mail: mail, ...record } = parsed.data;
  return { project, step, mail, ...record };
};

const toRecords = (items: readonly Item[]): readonly ResponseRecord[] =>
  items.map(toRecord).filter((record) => record !== undefined);

const toIndexQuery = (filter: ResponseFilter) => {
  if ("mail" in filter) return { index: "mail-created", attribute: "Mail", value: filter.mail };
  if ("ownerId" in filter) return { index: "owner-created", attribute: "ownerId", value: filter.ownerId };
  const { project, step } = filter;
  return step === undefined
    ? { index: "project-created", attribute: "Project", value: project }
    : { index: "project-step-created", attribute: "ProjectStep", value: formatProjectStep(project, step) };
};

/** Creates the store of the `responses` table, in DynamoDB or in the embedded database of one machine. */
export const createDynamoResponseStore = (client: DynamoDBClient, tableName: string): ResponseStore => {
  const items = createItemStore(client, tableName, ["ProjectStep", "Mail"]);
  return {
    read: async (key) => toRecord(await items.get(toItemKey(key))),
    async write(record) {
      const key = toItemKey(record);
      const attributes = toAttributes(record);
      if (record.revision === 1) return items.putIfAbsent({ ...key, ...attributes });
      const item = await items.update(key, {
        set: {
          jobId: undefined,
          version: undefined,
          ownerId: undefined,
          expiresAt: undefined,
          ...attributes,
        },
        condition: "revision = :revision",
        values: { ":revision": record.revision - 1 },
      });
      return item !== undefined;
    },
    remove: (key) => items.remove(toItemKey(key)),
    async findByVideoKeyStem(stem) {
      const { items: found } = await items.query({
        index: "video-key-stem",
        attribute: "videoKeyStem",
        value: stem,
        ascending: false,
        limit: 1,
      });
      return toRecords(found)[0];
    },
    async list(filter, { limit = 50, cursor } = {}) {
      const source = queryAllItems(items, {
        ...toIndexQuery(filter),
        ascending: false,
        afterCreatedAtId: decodePageCursor(cursor),
        limit: limit + 1,
      });
      const page = await takePage(source, limit);
      return {
        responses: toRecords(page.items),
        ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      };
    },
  };
};
