import { expect } from "chai";
import { createDynamoResponseStore } from "../../adapters/aws/response-store.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { removeExpiredItems } from "../../adapters/local/expired-items.ts";
import { responsesTable } from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";
import { describeResponseStoreContract } from "./response-store.ts";

describe("the response store of one machine", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  describeResponseStoreContract("embedded", async () =>
    createDynamoResponseStore(database.client, await newTable(database.client, responsesTable)),
  );

  it("removes expired records and no others", async () => {
    const table = await newTable(database.client, responsesTable);
    const store = createDynamoResponseStore(database.client, table);
    const at = "2026-11-21T03:00:00.000Z";
    const nowSeconds = Date.parse(at) / 1000;
    const write = async (mail: string, expiresAt?: number) => {
      const videoKeyStem = `responses/course/1/${mail}`;
      const record = {
        project: "course",
        step: "1",
        mail,
        video: `${videoKeyStem}.webm`,
        videoKeyStem,
        status: "Requested" as const,
        createdAt: at,
        updatedAt: at,
        revision: 1,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      };
      expect(await store.write(record)).to.equal(true);
    };
    await write("expired", nowSeconds - 1);
    await write("older", 1);
    await write("now", nowSeconds);
    await write("answered");
    expect(await removeExpiredItems(database.client, table, responsesTable, new Date(at))).to.equal(2);
    const { responses } = await store.list({ project: "course" });
    expect(responses.map(({ mail }) => mail).sort()).to.deep.equal(["answered", "now"]);
    expect(await removeExpiredItems(database.client, table, responsesTable, new Date(at))).to.equal(0);
  });
});
