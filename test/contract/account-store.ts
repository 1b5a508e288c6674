import { inspect } from "node:util";
import { expect } from "chai";
import type { AccountStore } from "../../pipeline/access/account-store.ts";
import { createToken, findToken } from "../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Storage for accounts. */
export interface AccountStoreFixture {
  /** Opens the store, as another process would. */
  open(): AccountStore;
  /** Replaces the stored text by another. */
  put(text: string): Promise<void>;
  close(): Promise<void>;
}

const now = new Date("2026-11-29T12:00:00Z");

const addToken = async (store: AccountStore, name: string): Promise<string> => {
  let token = "";
  await store.update((accounts) => {
    const created = createToken(accounts, { name, scope: "write", days: 1 }, now);
    token = created.token;
    return created.accounts;
  });
  return token;
};

/** The contract of `AccountStore` (pipeline/access/account-store.ts). */
export const describeAccountStoreContract = (
  name: string,
  openFixture: () => Promise<AccountStoreFixture>,
): void => {
  describe(`the account store contract, ${name}`, () => {
    let fixture: AccountStoreFixture;
    beforeEach(async () => {
      fixture = await openFixture();
    });
    afterEach(() => fixture.close());
    const listNames = async () => (await fixture.open().read()).tokens.map((token) => token.name);

    it("is empty at first", async () => {
      expect(await fixture.open().read())
        .to.include.keys("sessionKey")
        .and.to.deep.include({
          users: [],
          tokens: [],
        });
    });

    it("returns a change to every reader, also to the one that made it", async () => {
      const store = fixture.open();
      await store.read();
      const token = await addToken(store, "backup");

      for (const reader of [store, fixture.open()])
        expect(findToken(await reader.read(), token, now)).to.include({ name: "backup", scope: "write" });
    });

    it("applies concurrent changes one after the other", async () => {
      const names = ["one", "two", "three", "four"];
      await Promise.all(names.map((one) => addToken(fixture.open(), one)));

      expect(await listNames()).to.have.members(names);
    });

    it("keeps the accounts of a change that fails", async () => {
      const store = fixture.open();
      await addToken(store, "backup");
      const failure = await store
        .update(() => {
          throw new RangeError("no");
        })
        .catch((cause: unknown) => cause);

      expect(failure).to.be.instanceOf(RangeError);
      expect(await listNames()).to.deep.equal(["backup"]);
    });

    it("reports stored text that is not valid, without its content", async () => {
      await addToken(fixture.open(), "backup");
      for (const text of ['{"users":"hUsHhUsH"', '{"users":"hUsHhUsH","tokens":[]}', '["hUsHhUsH"]']) {
        await fixture.put(text);
        const failure = await fixture
          .open()
          .read()
          .catch((cause: unknown) => cause);

        expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
        expect(inspect(failure, { depth: 10, showHidden: true })).not.to.include("hUsH");
      }
    });
  });
};
