import { expect } from "chai";
import {
  type Accounts,
  createAccounts,
  createToken,
  findToken,
  findUserByPassword,
  isOperator,
  removeUser,
  revokeToken,
  setUser,
} from "../../../pipeline/access/accounts.ts";
import { createSession, findSessionUser, sessionSeconds } from "../../../pipeline/access/session.ts";

const now = new Date("2026-11-29T12:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + 1000 * seconds);
const password = "correct horse battery";

let annsAccounts: Promise<Accounts> | undefined;
/** A hash takes some tenths of a second, so it is computed once. */
const withAnn = (): Promise<Accounts> => {
  annsAccounts ??= setUser(createAccounts(), { name: "Ann@example.org", password }, now);
  return annsAccounts;
};
const findAnn = ({ users }: Accounts) => {
  const [user] = users;
  if (user === undefined) throw new Error("The accounts have no user.");
  return user;
};

describe("users", () => {
  it("sign in with their password only, in any spelling of their name", async () => {
    const accounts = await withAnn();

    expect(await findUserByPassword(accounts, "ann@EXAMPLE.org", password)).to.equal(findAnn(accounts));
    expect(await findUserByPassword(accounts, "ann@example.org", `${password} `)).to.equal(undefined);
    expect(await findUserByPassword(accounts, "bob@example.org", password)).to.equal(undefined);
  });

  it("are stored without their password", async () => {
    expect(JSON.stringify(await withAnn())).to.not.include(password);
  });

  it("with the same password have different hashes", async () => {
    const accounts = await setUser(await withAnn(), { name: "bob", password }, now);

    expect(new Set(accounts.users.map(({ passwordHash }) => passwordHash))).to.have.property("size", 2);
  });

  it("have one password: a new one replaces it", async () => {
    const accounts = await setUser(
      await withAnn(),
      { name: "ann@example.org", password: `new ${password}` },
      now,
    );

    expect(accounts.users).to.have.length(1);
    expect(await findUserByPassword(accounts, "ann@example.org", password)).to.equal(undefined);
  });

  it("keep their id and their groups with a new password, and get another id if they are added again", async () => {
    const add = (accounts: Accounts, isOperatorUser?: boolean) =>
      setUser(accounts, { name: "bob", password, isOperator: isOperatorUser }, now);
    const find = ({ users }: Accounts) => users.find(({ name }) => name === "bob");
    const operator = await add(await withAnn(), true);
    const changed = await add(operator);
    const demoted = await add(changed, false);
    const added = await add(removeUser(demoted, "bob"));

    expect(isOperator(findAnn(operator))).to.equal(false);
    expect(find(operator)?.id).to.not.equal(findAnn(operator).id);
    expect(find(changed)).to.deep.include({ id: find(operator)?.id, groups: ["operators"] });
    expect(find(demoted)).to.deep.include({ id: find(operator)?.id, groups: [] });
    expect(find(added)?.id).to.not.equal(find(operator)?.id);
  });

  it("lose their tokens when they are removed, and nobody else does", async () => {
    const accounts = await withAnn();
    const token = { scope: "read", days: 1 } as const;
    const own = createToken(accounts, { ...token, name: "own", ownerId: findAnn(accounts).id }, now);
    const others = createToken(own.accounts, { ...token, name: "backup" }, now);
    const removed = removeUser(others.accounts, "ann@example.org");

    expect(findToken(others.accounts, own.token, now)).to.include({ ownerId: findAnn(accounts).id });
    expect(findToken(removed, own.token, now)).to.equal(undefined);
    expect(findToken(removed, others.token, now)).to.include({ name: "backup" });
  });

  for (const [name, bad] of [
    ["an empty name", { name: "", password }],
    ["a name with a space", { name: "ann example", password }],
    ["a name with a control character", { name: "ann\u0007", password }],
    ["a short password", { name: "ann", password: "fourteen chars" }],
    ["a long password", { name: "ann", password: "x".repeat(1025) }],
  ] as const)
    it(`are refused with ${name}`, async () => {
      const failure = await setUser(createAccounts(), bad, now).catch((cause: unknown) => cause);

      expect(failure).to.be.instanceOf(Error).with.property("name", "UsageError");
    });

  it("that do not exist cannot be removed", () => {
    expect(() => removeUser(createAccounts(), "ann")).to.throw("User ann does not exist.");
  });
});

describe("sessions", () => {
  it("name their user until they expire", async () => {
    const accounts = await withAnn();
    const session = createSession(accounts, findAnn(accounts), now);

    expect(findSessionUser(accounts, session, later(sessionSeconds - 1))).to.equal(findAnn(accounts));
    expect(findSessionUser(accounts, session, later(sessionSeconds))).to.equal(undefined);
  });

  it("end with a new password, and with the user", async () => {
    const accounts = await withAnn();
    const session = createSession(accounts, findAnn(accounts), now);
    const changed = await setUser(accounts, { name: "ann@example.org", password: `new ${password}` }, now);

    expect(findSessionUser(changed, session, now)).to.equal(undefined);
    expect(findSessionUser(removeUser(accounts, "ann@example.org"), session, now)).to.equal(undefined);
  });

  it("are refused if they are altered or signed with another key", async () => {
    const accounts = await withAnn();
    const session = createSession(accounts, findAnn(accounts), now);
    const foreign = createSession(
      { ...accounts, sessionKey: createAccounts().sessionKey },
      findAnn(accounts),
      now,
    );

    const altered = [...session].map(
      (character, index) =>
        session.slice(0, index) + (character === "A" ? "B" : "A") + session.slice(index + 1),
    );
    for (const other of [foreign, "", ".", "a.b.c", `${session}.`, `.${session}`, ...altered.slice(0, -1)])
      expect(findSessionUser(accounts, other, now), other).to.equal(undefined);
  });
});

describe("tokens", () => {
  it("are found until they expire, and keep their scope", () => {
    const { accounts, token, id } = createToken(
      createAccounts(),
      { name: "backup", scope: "read", days: 1 },
      now,
    );

    expect(findToken(accounts, token, later(86_399))).to.include({ id, name: "backup", scope: "read" });
    expect(findToken(accounts, token, later(86_400))).to.equal(undefined);
  });

  it("are stored without their secret", () => {
    const { accounts, token } = createToken(
      createAccounts(),
      { name: "backup", scope: "read", days: 1 },
      now,
    );

    expect(JSON.stringify(accounts)).to.not.include(token.slice(-43));
  });

  it("are refused once they are revoked, and if another secret is used", () => {
    const first = createToken(createAccounts(), { name: "a", scope: "read", days: 1 }, now);
    const second = createToken(first.accounts, { name: "b", scope: "write", days: 1 }, now);
    const mixed = first.token.slice(0, -43) + second.token.slice(-43);

    expect(findToken(second.accounts, mixed, now)).to.equal(undefined);
    expect(findToken(revokeToken(second.accounts, first.id), first.token, now)).to.equal(undefined);
    expect(() => revokeToken(first.accounts, second.id)).to.throw(`Token ${second.id} does not exist.`);
  });

  it("are forgotten after they expire", () => {
    const first = createToken(createAccounts(), { name: "a", scope: "read", days: 1 }, now);
    const second = createToken(first.accounts, { name: "b", scope: "read", days: 1 }, later(86_400));

    expect(second.accounts.tokens.map(({ name }) => name)).to.deep.equal(["b"]);
  });
});
