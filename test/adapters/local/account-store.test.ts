import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileAccountStore } from "../../../adapters/local/account-store.ts";
import { createToken, removeUser } from "../../../pipeline/access/accounts.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const addToken = (name: string) => (accounts: Parameters<typeof createToken>[0]) =>
  createToken(accounts, { name, scope: "read", days: 1 }, new Date()).accounts;

describe("the account store of one machine", () => {
  let root: string;
  let directory: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-accounts-"));
    directory = join(root, "accounts");
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("is empty at first, and reading it creates nothing", async () => {
    expect(await createFileAccountStore(directory).read()).to.deep.include({ users: [], tokens: [] });
    expect(await readdir(root)).to.deep.equal([]);
  });

  it("keeps concurrent changes of several processes", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `token ${index}`);
    await Promise.all(names.map((name) => createFileAccountStore(directory).update(addToken(name))));

    const { tokens, sessionKey } = await createFileAccountStore(directory).read();
    expect(tokens.map(({ name }) => name)).to.have.members(names);
    expect((await createFileAccountStore(directory).read()).sessionKey).to.equal(sessionKey);
    expect(await readdir(directory)).to.have.length(1);
  });

  it("is readable for its owner only", async () => {
    await createFileAccountStore(directory).update(addToken("a"));

    const [name = ""] = await readdir(directory);
    expect((await stat(join(directory, name))).mode & 0o777).to.equal(0o600);
    expect((await stat(directory)).mode & 0o777).to.equal(0o700);
  });

  it("is unchanged by a change that fails", async () => {
    const store = createFileAccountStore(directory);
    await store.update(addToken("a"));
    const before = await store.read();
    const failure = await store
      .update((accounts) => removeUser(accounts, "ann"))
      .catch((cause: unknown) => cause);

    expect(failure).to.have.property("message").that.includes("User ann does not exist.");
    expect(await store.read()).to.deep.equal(before);
  });

  it("names a broken file, without its content", async () => {
    const store = createFileAccountStore(directory);
    await store.update(addToken("a"));
    const [name = ""] = await readdir(directory);
    await writeFile(join(directory, name), '{"users":"secret"}');
    const failure = await store.read().catch((cause: unknown) => cause);

    expect(failure).to.be.instanceOf(StoreFailure).with.property("kind", "invalid");
    expect(failure)
      .to.have.property("message")
      .that.includes(join(directory, name))
      .and.not.includes("secret");
  });
});
