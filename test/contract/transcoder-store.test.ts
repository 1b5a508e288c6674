import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { transcoderTable } from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";
import { describeTranscoderStoreContract } from "./transcoder-store.ts";

describe("the transcoder store of one machine", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  describeTranscoderStoreContract("embedded", async () =>
    createDynamoTranscoderStore(database.client, await newTable(database.client, transcoderTable), {
      now: () => new Date(),
    }),
  );
});
