import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { transcoderTable, withAllAttributes } from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";
import { describeTranscoderStoreContract } from "./transcoder-store.ts";

describe("the transcoder store of one machine", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  for (const [name, definition] of [
    ["embedded", withAllAttributes(transcoderTable)],
    ["embedded, with keys only in its indexes", transcoderTable],
  ] as const)
    describeTranscoderStoreContract(name, async () =>
      createDynamoTranscoderStore(database.client, await newTable(database.client, definition), {
        now: () => new Date(),
      }),
    );
});
