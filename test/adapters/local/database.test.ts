import { fork } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { createSocketDatabaseClient } from "../../../adapters/local/database-client.ts";
import { DatabaseFailure } from "../../../adapters/local/database-error.ts";

const put = (id: string) =>
  new PutItemCommand({
    TableName: localTableNames.jobs,
    Item: { id: { S: id }, text: { S: "ü\n".repeat(1000) } },
    ConditionExpression: "attribute_not_exists(id)",
  });
const get = (id: string) =>
  new GetItemCommand({ TableName: localTableNames.jobs, Key: { id: { S: id } }, ConsistentRead: true });

/** The TCP ports that this process listens on. */
const listeningPorts = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((kind) => kind === "TCPServerWrap");

const catchFailure = async (opening: Promise<LocalDatabase>): Promise<DatabaseFailure> => {
  try {
    await (await opening).close();
  } catch (cause) {
    if (cause instanceof DatabaseFailure) return cause;
    throw cause;
  }
  throw new Error("The database opened.");
};

describe("the embedded database", () => {
  let folder: string;
  let database: LocalDatabase;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-database-"));
    database = await openDatabase({ directory: folder });
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("serves its own process and others", async () => {
    const other = createSocketDatabaseClient(database.socketPath);
    await database.client.send(put("one"));
    const refused = await Promise.allSettled([database.client.send(put("one")), other.send(put("one"))]);
    expect(refused.map((outcome) => outcome.status === "rejected" && outcome.reason.name)).to.deep.equal([
      "ConditionalCheckFailedException",
      "ConditionalCheckFailedException",
    ]);
    expect((await database.client.send(get("one"))).Item).to.deep.equal((await other.send(get("one"))).Item);
    other.destroy();
  });

  it("listens on a socket in a folder of this user only, and on no port", async () => {
    const before = listeningPorts();
    const second = await openDatabase();
    expect(listeningPorts()).to.deep.equal(before);
    const socket = await stat(second.socketPath);
    expect(socket.isSocket()).to.equal(true);
    expect((await lstat(dirname(second.socketPath))).mode & 0o777).to.equal(0o700);
    expect(Buffer.byteLength(second.socketPath)).to.be.at.most(103);
    await second.close();
    expect(await stat(dirname(second.socketPath)).catch(({ code }) => code)).to.equal("ENOENT");
  });

  it("keeps running if a client is killed during a request", async () => {
    const socket = connect(database.socketPath);
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
    const other = createSocketDatabaseClient(database.socketPath);
    await other.send(put("meanwhile"));
    socket.destroy();
    await once(socket, "close");
    await other.send(put("after"));
    expect((await database.client.send(get("after"))).Item?.id).to.deep.equal({ S: "after" });
    other.destroy();
  });

  it("finishes pending requests before it closes, keeps the data and rejects later requests", async () => {
    const ids = Array.from({ length: 40 }, (_, number) => `id ${number}`);
    const puts = ids.map((id) => database.client.send(put(id)));
    await Promise.any(puts);
    await database.close();
    const outcomes = await Promise.allSettled([...puts, database.client.send(get("id 0"))]);
    database = await openDatabase({ directory: folder });
    const stored = await Promise.all(ids.map((id) => database.client.send(get(id))));
    expect(stored.map(({ Item }) => Item !== undefined)).to.deep.equal(
      outcomes.slice(0, -1).map(({ status }) => status === "fulfilled"),
    );
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(String(outcome.reason)).to.include("database is closed");
    expect(outcomes.at(-1)?.status).to.equal("rejected");
  });

  it("is locked for other processes while it is open", async () => {
    const opener = fork(join(import.meta.dirname, "../../programs/open-database.ts"), [folder], {
      execArgv: ["--import", "tsx"],
    });
    const [answer] = await once(opener, "message");
    expect(answer).to.deep.equal({
      kind: "locked",
      message: `The database ${folder} is in use by another process.`,
    });
    await once(opener, "exit");
    expect((await catchFailure(openDatabase({ directory: folder }))).kind).to.equal("locked");
  });

  it("reports a missing CURRENT file as damage, not as a new database", async () => {
    await database.client.send(put("one"));
    await database.close();
    const before = await readdir(folder);
    await rm(join(folder, "CURRENT"));
    const failure = await catchFailure(openDatabase({ directory: folder }));
    expect(failure.kind).to.equal("damaged");
    expect(failure.message).to.equal(`The database ${folder} is damaged: its file CURRENT is missing.`);
    expect(await readdir(folder)).to.deep.equal(before.filter((name) => name !== "CURRENT"));
    await rm(folder, { recursive: true });
    database = await openDatabase({ directory: folder });
  });

  it("creates a database again whose creation was interrupted before CURRENT", async () => {
    const directory = join(folder, "interrupted");
    await mkdir(directory);
    for (const name of ["LOCK", "LOG", "MANIFEST-000001"]) await writeFile(join(directory, name), "half");
    const created = await openDatabase({ directory });
    await created.client.send(put("one"));
    expect((await created.client.send(get("one"))).Item?.id).to.deep.equal({ S: "one" });
    await created.close();
  });

  it("names the damaged file if it cannot be opened", async () => {
    await database.close();
    const manifest = (await readdir(folder)).find((name) => name.startsWith("MANIFEST-")) ?? "";
    await writeFile(join(folder, manifest), Buffer.alloc(200, 0xff));
    const failure = await catchFailure(openDatabase({ directory: folder }));
    expect(failure.kind).to.equal("damaged");
    expect(failure.message).to.include(folder);
    await rm(folder, { recursive: true });
    database = await openDatabase({ directory: folder });
  });

  it("reports damage found at run time once, and fails from then on", async () => {
    for (let id = 0; id < 200; id += 1) await database.client.send(put(`id ${id}`));
    await database.close();
    // Opening moves what the log holds into a table file.
    await (await openDatabase({ directory: folder })).close();
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".ldb"))) {
      const bytes = await readFile(join(folder, name));
      bytes.fill(0xa5, 0, Math.floor(bytes.length * 0.8));
      await writeFile(join(folder, name), bytes);
    }
    const failures: DatabaseFailure[] = [];
    let failed: unknown;
    try {
      database = await openDatabase({ directory: folder, onDamaged: (failure) => failures.push(failure) });
      await database.client.send(get("id 7"));
    } catch (cause) {
      failed = cause;
    }
    expect(failed).to.be.instanceOf(Error);
    expect(failures.map(({ kind }) => kind)).to.deep.equal(["damaged"]);
    expect(failures[0]?.message).to.include(folder);
  });
});
