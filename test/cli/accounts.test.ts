import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { findToken, findUserByPassword } from "../../pipeline/access/accounts.ts";
import { bin, reelway } from "../e2e/program.ts";

const password = "correct horse battery";

describe("reelway users and tokens", () => {
  let folder: string;
  let data: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-accounts-command-"));
    data = join(folder, ".reelway");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const readAccounts = () => createFileAccountStore(join(data, "accounts")).read();
  const addUser = async (name: string, input: string, ...options: readonly string[]) => {
    const child = spawn(process.execPath, [bin, "users", "add", name, ...options], { cwd: folder });
    child.stdin.end(input);
    const [code, stdout, stderr] = await Promise.all([
      new Promise((resolve) => child.on("close", resolve)),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, stdout, stderr };
  };

  it("add a user with a password from standard input, list and remove the user", async () => {
    expect(await addUser("Ann@example.org", `${password}\n`, "--operator")).to.deep.equal({
      code: 0,
      stdout: "ann@example.org\n",
      stderr: "",
    });
    const user = await findUserByPassword(await readAccounts(), "ann@example.org", password);
    const listed = await reelway(["users", "list", "--json"], folder);
    const removed = await reelway(["users", "remove", "ANN@example.org"], folder);

    expect(JSON.parse(listed.stdout)).to.deep.equal({
      users: [{ name: "ann@example.org", id: user?.id, groups: ["operators"], createdAt: user?.createdAt }],
    });
    expect(removed).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect((await readAccounts()).users).to.deep.equal([]);
  });

  it("add a user of no group, name the way to an operator, and list the groups", async () => {
    const { code, stderr } = await addUser("ann", `${password}\n`);
    await addUser("ben", `${password}\n`, "--operator");
    const { users } = await readAccounts();
    const listed = await reelway(["users", "list"], folder);

    expect(code).to.equal(0);
    expect(stderr).to.include("with --operator");
    expect(listed.stdout).to.equal(
      `ann  -  ${users[0]?.createdAt}\nben  operators  ${users[1]?.createdAt}\n`,
    );
  });

  it("rotate the key of the sessions, and keep the previous one unless all sessions shall end", async () => {
    await addUser("ann", `${password}\n`);
    const before = await readAccounts();
    const rotated = await reelway(["users", "rotate-key"], folder);
    const after = await readAccounts();
    await reelway(["users", "rotate-key", "--end-sessions"], folder);

    expect(rotated).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(after.sessionKey).to.not.equal(before.sessionKey);
    expect(after).to.deep.equal({
      ...before,
      sessionKey: after.sessionKey,
      previousSessionKey: before.sessionKey,
    });
    expect((await readAccounts()).previousSessionKey).to.equal(undefined);
  });

  it("name a password that is too short, without storing anything", async () => {
    expect(await addUser("ann", "secret\n")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "reelway: The password has 6 characters. Use 15 to 1024, e.g. four or more words.\n",
    });
    expect((await readAccounts()).users).to.deep.equal([]);
  });

  it("create a token that is shown once, list and revoke it", async () => {
    const created = await reelway(["tokens", "create", "backup", "--scope", "write", "--days", "7"], folder);
    const token = findToken(await readAccounts(), created.stdout.trim(), new Date());
    const listed = await reelway(["tokens", "list"], folder);
    const revoked = await reelway(["tokens", "revoke", token?.id ?? ""], folder);

    expect(token).to.include({ name: "backup", scope: "write" });
    expect(listed.stdout).to.equal(`${token?.id}  write  ${token?.expiresAt}  operator  backup\n`);
    expect(revoked.code).to.equal(0);
    expect((await readAccounts()).tokens).to.deep.equal([]);
  });

  it("create a token that acts for a user", async () => {
    await addUser("ann", `${password}\n`);
    const created = await reelway(["tokens", "create", "phone", "--user", "Ann"], folder);
    const accounts = await readAccounts();

    expect(findToken(accounts, created.stdout.trim(), new Date())?.ownerId).to.equal(accounts.users[0]?.id);
    expect((await reelway(["tokens", "list"], folder)).stdout).to.match(/ {2}ann {2}phone\n$/);
  });

  it("name users, tokens and lifetimes that are not valid", async () => {
    for (const [args, message] of [
      [["tokens", "create", "x", "--user", "ann"], "User ann does not exist."],
      [
        ["users", "remove", "ann"],
        "User ann does not exist. To list the users: npx reelway users list, with the same --data or --stage",
      ],
      [
        ["tokens", "revoke", "x"],
        "Token x does not exist. To list the tokens: npx reelway tokens list, with the same --data or --stage",
      ],
      [["tokens", "create", " "], 'Token name " " is not valid. Use 1 to 100 printable characters'],
      [["tokens", "create", "x", "--days", "0"], "A lifetime is a number of days from 1 to 3660."],
    ] as const) {
      const { code, stderr } = await reelway(args, folder);
      expect(code, args.join(" ")).to.not.equal(0);
      expect(stderr).to.include(message);
    }
  });
});

describe("reelway start", () => {
  it("names what the sign-in at a provider needs", async () => {
    const run = (...options: readonly string[]) => reelway(["start", ...options], tmpdir());
    const issuer = ["--oidc-issuer", "https://id.example.org"];
    const client = ["--oidc-client-id", "reelway"];

    for (const options of [issuer, client, [...issuer, ...client], ["--auth", ...issuer]]) {
      const { code, stderr } = await run(...options);
      expect(code, options.join(" ")).to.equal(2);
      expect(stderr).to.equal(
        "reelway: The sign-in at a provider needs --auth, --oidc-issuer and --oidc-client-id.\n",
      );
    }
    const insecure = await run("--auth", "--oidc-issuer", "http://id.example.org", ...client);
    expect(insecure.code).to.equal(2);
    expect(insecure.stderr).to.include("An issuer is an https URL");
  });
});
