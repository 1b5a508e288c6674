import { expect } from "chai";
import {
  type Accounts,
  createAccounts,
  removeUser,
  rotateSessionKey,
  setUser,
} from "../../../pipeline/access/accounts.ts";
import {
  createPasswordSession,
  createProviderSession,
  findSessionUser,
  sessionSeconds,
} from "../../../pipeline/access/session.ts";
import { signValue } from "../../../pipeline/access/signed-value.ts";

const now = new Date("2026-11-29T12:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + 1000 * seconds);
const password = "correct horse battery";
const issuer = "https://id.example.org";
const carol = { ownerId: "subject-1", name: "carol@example.org", groups: ["operators"] };

describe("sessions", () => {
  let accounts: Accounts;
  let session: string;
  const findUserOf = (text: string, inAccounts = accounts, at = now) =>
    findSessionUser(inAccounts, undefined, text, at);
  before(async () => {
    accounts = await setUser(createAccounts(), { name: "ann", password, isOperator: true }, now);
    const [user] = accounts.users;
    if (user === undefined) throw new Error("The accounts have no user.");
    session = await createPasswordSession(accounts, user, now);
  });

  it("name their user until they expire", async () => {
    const [user] = accounts.users;

    expect(await findUserOf(session, accounts, later(sessionSeconds - 1))).to.deep.equal({
      ownerId: user?.id,
      name: "ann",
      groups: ["operators"],
    });
    expect(await findUserOf(session, accounts, later(sessionSeconds))).to.equal(undefined);
  });

  it("have the groups that their user has now", async () => {
    const [user] = accounts.users;
    const changed = { ...accounts, users: user === undefined ? [] : [{ ...user, groups: [] }] };

    expect((await findUserOf(session, changed))?.groups).to.deep.equal([]);
  });

  it("end with a new password, and with the user", async () => {
    const changed = await setUser(accounts, { name: "ann", password: `new ${password}` }, now);
    const removed = removeUser(accounts, "ann");
    const another = await setUser(removed, { name: "ann", password }, now);

    for (const [title, other] of Object.entries({ changed, removed, another }))
      expect(await findUserOf(session, other), title).to.equal(undefined);
  });

  it("of an identity provider last until they expire, without an account", async () => {
    const text = await createProviderSession(accounts, issuer, carol, now);

    expect(await findSessionUser(accounts, issuer, text, later(sessionSeconds - 1))).to.deep.equal(carol);
    expect(await findSessionUser(accounts, issuer, text, later(sessionSeconds))).to.equal(undefined);
  });

  it("of an identity provider are refused by every other way to sign in", async () => {
    const [user] = accounts.users;
    const text = await createProviderSession(
      accounts,
      issuer,
      { ownerId: user?.id ?? "", name: "ann", groups: ["operators"] },
      now,
    );

    expect(await findUserOf(text)).to.equal(undefined);
    expect(await findSessionUser(accounts, "https://other.example.org", text, now)).to.equal(undefined);
    expect(await findSessionUser(accounts, issuer, session, now)).to.equal(undefined);
  });

  it("survive one rotation of the key, and none that ends them", async () => {
    const rotated = rotateSessionKey(accounts, false);

    expect(rotated.sessionKey).to.not.equal(accounts.sessionKey);
    expect(await findUserOf(session, rotated)).to.not.equal(undefined);
    expect(await findUserOf(session, rotateSessionKey(rotated, false))).to.equal(undefined);
    expect(await findUserOf(session, rotateSessionKey(accounts, true))).to.equal(undefined);
  });

  it("are refused if they are altered, or signed with another key or for another purpose", async () => {
    const [user] = accounts.users;
    if (user === undefined) throw new Error("The accounts have no user.");
    const foreign = await createPasswordSession(createAccounts(), user, now);
    const [payload = ""] = session.split(".");
    const otherPurpose = await signValue(
      accounts,
      "sign-in",
      JSON.parse(Buffer.from(payload, "base64url").toString()),
      now,
      60,
    );

    const altered = [...session].map(
      (character, index) =>
        session.slice(0, index) + (character === "A" ? "B" : "A") + session.slice(index + 1),
    );
    for (const other of [
      foreign,
      otherPurpose,
      "",
      ".",
      "a.b.c",
      `${session}.`,
      `.${session}`,
      payload,
      ...altered.slice(0, -1),
    ])
      expect(await findUserOf(other), other).to.equal(undefined);
  });
});
