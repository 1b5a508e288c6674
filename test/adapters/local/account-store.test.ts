import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
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
  });

  it("keeps the change of a process that is slower than several others", async () => {
    const [slow, fast] = [createFileAccountStore(directory), createFileAccountStore(directory)];
    await fast.update(addToken("first"));
    let tries = 0;
    await slow.update(async (accounts) => {
      tries += 1;
      // Several changes, so that the file that the slow process creates next has been replaced.
      if (tries === 1) for (const name of ["second", "third"]) await fast.update(addToken(name));
      return addToken("slow")(accounts);
    });

    const { tokens } = await fast.read();
    expect(tokens.map(({ name }) => name)).to.deep.equal(["first", "second", "third", "slow"]);
  });

  it("removes versions that were replaced long ago", async () => {
    const store = createFileAccountStore(directory);
    for (const name of ["a", "b"]) await store.update(addToken(name));
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(directory)) await utimes(join(directory, name), longAgo, longAgo);
    await store.update(addToken("c"));

    expect(await readdir(directory)).to.deep.equal(["3.json"]);
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
