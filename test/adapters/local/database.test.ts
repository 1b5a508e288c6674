import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type LocalDatabase, localTables, openDatabase } from "../../../adapters/local/database.ts";

const put = (id: string) =>
  new PutItemCommand({
    TableName: localTables.jobs,
    Item: { id: { S: id }, text: { S: "ü\n".repeat(1000) } },
    ConditionExpression: "attribute_not_exists(id)",
  });
const get = (id: string) =>
  new GetItemCommand({ TableName: localTables.jobs, Key: { id: { S: id } }, ConsistentRead: true });

describe("the embedded database", () => {
  let folder: string;
  let database: LocalDatabase;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-database-"));
    database = await openDatabase({ directory: folder });
  });
  after(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("answers its own process and others alike", async () => {
    const other = new DynamoDBClient({
      endpoint: database.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    await database.client.send(put("one"));
    const refused = await Promise.allSettled([database.client.send(put("one")), other.send(put("one"))]);
    expect(refused.map((end) => end.status === "rejected" && end.reason.name)).to.deep.equal([
      "ConditionalCheckFailedException",
      "ConditionalCheckFailedException",
    ]);
    expect((await database.client.send(get("one"))).Item).to.deep.equal((await other.send(get("one"))).Item);
    other.destroy();
  });

  it("goes on when a process is killed in the middle of a request", async () => {
    const port = Number(new URL(database.endpoint).port);
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
    const answer = fetch(database.endpoint);
    await (await answer).text();
    socket.resetAndDestroy();
    await once(socket, "close");
    expect((await (await fetch(database.endpoint)).text()).startsWith("healthy")).to.equal(true);
    await database.client.send(put("after"));
    expect((await database.client.send(get("after"))).Item?.id).to.deep.equal({ S: "after" });
  });

  it("ends what is under way before it closes, keeps it, and refuses what comes later", async () => {
    const ids = Array.from({ length: 40 }, (_, number) => `id ${number}`);
    const puts = ids.map((id) => database.client.send(put(id)));
    await Promise.any(puts);
    await database.close();
    const ends = await Promise.allSettled([...puts, database.client.send(get("id 0"))]);
    database = await openDatabase({ directory: folder });
    const kept = await Promise.all(ids.map((id) => database.client.send(get(id))));
    expect(kept.map(({ Item }) => Item !== undefined)).to.deep.equal(
      ends.slice(0, -1).map(({ status }) => status === "fulfilled"),
    );
    for (const end of ends)
      if (end.status === "rejected") expect(String(end.reason)).to.include("database is closed");
    expect(ends.at(-1)?.status).to.equal("rejected");
  });
});
