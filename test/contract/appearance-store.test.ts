import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { createMemoryAppearanceStore } from "../../adapters/local/memory-appearance-store.ts";
import { describeAppearanceStoreContract } from "./appearance-store.ts";
import { openDynamoAppearanceStore } from "./open-appearance-store.ts";

describeAppearanceStoreContract("in memory", async (clock) => createMemoryAppearanceStore(clock));

describe("the appearance store of one machine", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  describeAppearanceStoreContract(
    "embedded",
    async (clock) => (await openDynamoAppearanceStore(database.client, clock)).store,
  );
});
