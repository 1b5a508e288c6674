import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { jobsTable, withAllAttributes } from "../../pipeline/ports/tables.ts";
import { describeJobStoreContract } from "./job-store.ts";
import { newTable } from "./new-table.ts";

describe("the job store of one machine", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  for (const [name, definition] of [
    ["embedded", withAllAttributes(jobsTable)],
    ["embedded, with keys only in its indexes", jobsTable],
  ] as const)
    describeJobStoreContract(name, async () =>
      createDynamoJobStore(database.client, await newTable(database.client, definition), {
        now: () => new Date(),
      }),
    );
});
