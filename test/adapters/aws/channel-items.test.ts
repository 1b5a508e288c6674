import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { spy } from "sinon";
import { type LocalDatabase, openDatabase } from "../../../adapters/local/database.ts";
import { UserError } from "../../../pipeline/errors/errors.ts";
import { takeLease } from "../../../pipeline/highlights/channel-lease.ts";
import { openSavedState } from "../../../pipeline/highlights/saved-state.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { openDynamoAppearanceStore } from "../../contract/open-appearance-store.ts";

const clock = { now: () => new Date(Date.UTC(2026, 10, 30, 12)) };

describe("the record of a channel", () => {
  let database: LocalDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());

  const open = async (fields: Readonly<Record<string, unknown>>) => {
    const { store, tableNames } = await openDynamoAppearanceStore(database.client, clock);
    await database.client.send(
      new PutItemCommand({
        TableName: tableNames.channels,
        Item: marshall({ channel: "news", item: "channel", ...fields }),
      }),
    );
    return store;
  };

  for (const [fields, named] of [
    [{ paused: "yes" }, "paused"],
    [{ state: 7 }, "state"],
    [{ state: "{" }, "state"],
    [{ status: { name: "asleep", message: "" } }, "status.name"],
  ] as const)
    it(`with ${JSON.stringify(fields)} is an error that names the channel, and no channel that begins anew`, async () => {
      const store = await open(fields);

      const failure = await store.readSavedChannel("news").catch((cause: unknown) => cause);

      expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
      expect(String(failure)).to.include(`The record of channel news cannot be read: ${named} of the item`);
    });

  it("is read without the watcher's state where nobody needs it", async () => {
    const store = await open({ paused: true, state: "{" });
    const send = spy(database.client, "send");

    expect(await store.readChannel("news")).to.deep.equal({ channel: "news", paused: true });

    const response = await send.firstCall.returnValue;
    expect(response).to.have.deep.property("Item", marshall({ paused: true }));
    send.restore();
  });

  it("is an error if another version wrote its state", async () => {
    const store = await open({ state: JSON.stringify({ sequence: 7 }) });
    const lease = await takeLease(store, clock, "news", "this run");
    if (lease === undefined) throw new Error("The lease is held");
    const record = await store.readSavedChannel("news");

    expect(() => openSavedState(store, lease, record)).to.throw(UserError, "channel news");
    expect(() => openSavedState(store, lease, { channel: "news", paused: false })).to.not.throw();
  });
});
