import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoRateLimiter } from "../../adapters/aws/rate-limiter.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../adapters/local/database.ts";
import { jobsTable } from "../../pipeline/ports/tables.ts";
import { removeExpiredCounts } from "../../runtime/pruning.ts";

describe("the removal of expired counts", () => {
  const start = new Date("2026-11-21T03:00:00.000Z");
  const addSeconds = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
  let database: LocalDatabase;
  beforeEach(async () => {
    database = await openDatabase();
  });
  afterEach(() => database.close());
  const listIds = async (): Promise<readonly (string | undefined)[]> => {
    const { Items = [] } = await database.client.send(new ScanCommand({ TableName: localTableNames.jobs }));
    return Items.map(({ id }) => id?.S).sort();
  };

  it("removes counts of limits whose window ended long ago, and nothing else", async () => {
    const clock = { now: () => start };
    const limiter = createDynamoRateLimiter(database.client, localTableNames.jobs, clock);
    const jobs = createDynamoJobStore(database.client, localTableNames.jobs, clock);
    await limiter.take("a", 5, 60);
    await limiter.take("b", 5, 7200);
    await jobs.takeHourlySlot("2026-11-21T03", 5);
    // A job expires on AWS only.
    await database.client.send(
      new PutItemCommand({
        TableName: localTableNames.jobs,
        Item: { id: { S: "job" }, [jobsTable.ttlAttribute]: { N: "1" } },
      }),
    );
    expect(await listIds()).to.have.length(4);

    expect(await removeExpiredCounts(database.client, addSeconds(3660))).to.equal(0);
    expect(await removeExpiredCounts(database.client, addSeconds(3661))).to.equal(1);
    expect((await listIds()).map((id) => id?.split("#").slice(0, 2).join("#"))).to.deep.equal([
      "hour#2026-11-21T03",
      "job",
      "rate#b",
    ]);
    expect(await removeExpiredCounts(database.client, addSeconds(3 * 86_400))).to.equal(2);
    expect(await listIds()).to.deep.equal(["job"]);
  });

  it("uses the attribute by which DynamoDB expires items on AWS", async () => {
    const limiter = createDynamoRateLimiter(database.client, localTableNames.jobs, { now: () => start });
    await limiter.take("a", 5, 60);
    const [id = ""] = await listIds();
    const { Item } = await database.client.send(
      new GetItemCommand({ TableName: localTableNames.jobs, Key: { id: { S: id } } }),
    );

    expect(Item?.[jobsTable.ttlAttribute]).to.deep.equal({ N: String(start.getTime() / 1000 + 3660) });
  });
});
