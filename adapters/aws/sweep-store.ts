import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RouteRegistration, SweepStore } from "../../pipeline/jobs/sweep-store.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { ObjectShape } from "./item-schemas.ts";
import { createItemStore } from "./item-store.ts";

const registrySchema = z.object({
  revision: z.number(),
  registrations: z.array(
    z.object({
      route: z.nullable(z.string()),
      selection: z.string(),
      since: z.string(),
    } satisfies ObjectShape<RouteRegistration>),
  ),
});

const cursorSchema = z.object({
  prefix: z.string(),
  after: z.optional(z.object({ key: z.string(), versionId: z.optional(z.string()) })),
  passStartedAt: z.string(),
});

const formatCursorId = (bucket: string): string => `sweep#${bucket}`;
const formatRegistryId = (bucket: string): string => `routes#${bucket}`;

/** Creates the store of the sweep in the `jobs` table: one item for the routes of each bucket, one for its cursor. */
export const createDynamoSweepStore = (client: DynamoDBClient, tableName: string): SweepStore => {
  const items = createItemStore(client, tableName);
  return {
    async readRegistry(bucket) {
      const item = await items.get(formatRegistryId(bucket));
      return item === undefined ? { revision: 0, registrations: [] } : registrySchema.parse(item);
    },
    async replaceRegistry(bucket, revision, registrations) {
      const item = await items.update(formatRegistryId(bucket), {
        set: { revision: revision + 1, registrations },
        ...(revision === 0
          ? { condition: "attribute_not_exists(id)" }
          : { condition: "revision = :revision", values: { ":revision": revision } }),
      });
      return item !== undefined;
    },
    async readCursor(bucket) {
      const item = await items.get(formatCursorId(bucket));
      return item?.cursor === undefined ? undefined : cursorSchema.parse(item.cursor);
    },
    async writeCursor(bucket, cursor) {
      await items.update(formatCursorId(bucket), { set: { cursor } });
    },
  };
};
