import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { createSecretAccountStore } from "../../adapters/aws/account-store.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { findToken } from "../../pipeline/access/accounts.ts";
import { createProviderSession, findSessionUser } from "../../pipeline/access/session.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { startEmulator } from "../apply/emulator.ts";
import type { Moto } from "../contract/moto.ts";
import { bin, type CommandResult } from "../e2e/program.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";
import { type PartGate, startPartGate } from "./part-gate.ts";

const bucket = "reelway-dev-input";
const accounts = "reelway-dev-accounts";
const apiKeys = "reelway-dev-api";
const initialKeys = { sessionKey: "k".repeat(43), responseKey: "r".repeat(43) };
const issuer = "https://id.example.org";

describe("commands for a stage", () => {
  let moto: Moto;
  let folder: string;
  let s3: S3Client;
  let secrets: SecretsManagerClient;
  before(async () => {
    moto = await startEmulator();
    folder = await mkdtemp(join(tmpdir(), "reelway-stage-commands-"));
    s3 = new S3Client(moto.client);
    secrets = new SecretsManagerClient(moto.client);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    await secrets.send(new CreateSecretCommand({ Name: accounts }));
    await secrets.send(new CreateSecretCommand({ Name: apiKeys, SecretString: JSON.stringify(initialKeys) }));
  });
  after(async () => {
    await moto.close();
    await rm(folder, { recursive: true, force: true });
  });
  const startReelway = (args: readonly string[], endpoint = moto.client.endpoint) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: {
        ...motoEnvironment(moto),
        AWS_ENDPOINT_URL: endpoint,
        REELWAY_CONFIG: join(packageDirectory, "test/synth/whole.config.ts"),
        PATH: "/nonexistent",
      },
    });
    const exited = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]).then(
      ([[code], stdout, stderr]): CommandResult => ({ code: Number(code ?? 1), stdout, stderr }),
    );
    return { child, exited };
  };
  const reelway = (args: readonly string[], input = "", endpoint?: string): Promise<CommandResult> => {
    const { child, exited } = startReelway(args, endpoint);
    child.stdin.end(input);
    return exited;
  };
  const readAccounts = () => createSecretAccountStore(secrets, { accounts }).read();

  it("add users and tokens in the stage's secret", async () => {
    const user = await reelway(
      ["users", "add", "ann", "--operator", "--stage", "dev"],
      "correct horse battery\n",
    );
    const token = await reelway(["tokens", "create", "backup", "--stage", "dev"]);
    const stored = await readAccounts();

    expect(user).to.include({ code: 0, stdout: "ann\n" });
    expect(stored.users.map(({ name }) => name)).to.deep.equal(["ann"]);
    expect(findToken(stored, token.stdout.trim(), new Date())).to.include({ name: "backup", scope: "read" });
  });

  it("name a secret whose keys are missing or not valid, change nothing and never print it", async () => {
    const put = (text: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: apiKeys, SecretString: text }));
    await secrets.send(new DeleteSecretCommand({ SecretId: apiKeys, ForceDeleteWithoutRecovery: true }));
    await secrets.send(new CreateSecretCommand({ Name: apiKeys }));
    const missing = await reelway(["users", "rotate-key", "--stage", "dev"]);
    const { VersionId } = await put('{"sessionKey":"hUsHhUsH"}');
    const invalid = await reelway(["users", "rotate-key", "--stage", "dev"]);
    const current = await secrets.send(new GetSecretValueCommand({ SecretId: apiKeys }));
    await put(JSON.stringify(initialKeys));

    expect(invalid).to.include({ code: 1, stdout: "" });
    expect(invalid.stderr).to.include("Secret reelway-dev-api is not valid.").and.not.to.include("hUsH");
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.include("Secret reelway-dev-api has no keys. Apply the stack api");
    expect(current.VersionId).to.equal(VersionId);
  });

  it("rotate the key of the sessions, and keep the previous one unless all sessions shall end", async () => {
    const readKeys = async () =>
      JSON.parse(
        (await secrets.send(new GetSecretValueCommand({ SecretId: apiKeys, VersionStage: "AWSCURRENT" })))
          .SecretString ?? "",
      );
    const rotated = await reelway(["users", "rotate-key", "--stage", "dev"]);
    const keys = await readKeys();
    const signer = createSecretAccountStore(secrets, { accounts, keys: apiKeys });
    const now = new Date();
    const user = { ownerId: "u1", name: "ann", groups: [] };
    const find = async (session: string) =>
      findSessionUser(
        await createSecretAccountStore(secrets, { accounts, keys: apiKeys }).read(),
        issuer,
        session,
        now,
      );
    const oldSession = await createProviderSession(initialKeys, issuer, user, now);
    const newSession = await createProviderSession(await signer.read(), issuer, user, now);

    expect(rotated).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(keys.sessionKey).to.not.equal(initialKeys.sessionKey);
    expect(keys).to.deep.equal({
      sessionKey: keys.sessionKey,
      previousSessionKey: initialKeys.sessionKey,
      responseKey: initialKeys.responseKey,
    });
    expect(await find(oldSession)).to.deep.equal(user);
    expect(await find(newSession)).to.deep.equal(user);

    expect(await reelway(["users", "rotate-key", "--end-sessions", "--stage", "dev"])).to.include({
      code: 0,
    });
    expect(await readKeys())
      .to.have.all.keys("sessionKey", "responseKey")
      .and.to.include({ responseKey: initialKeys.responseKey });
    expect(await find(oldSession)).to.equal(undefined);
    expect(await find(newSession)).to.equal(undefined);
  });

  it("name the available stages", async () => {
    for (const args of [
      ["users", "list"],
      ["upload", bin],
    ]) {
      const { code, stderr } = await reelway([...args, "--stage", "prod"]);

      expect(code).to.equal(2);
      expect(stderr).to.include("Stage prod does not exist. Available stages: dev, live.");
    }
  });

  it("upload files of any size to the input bucket and print the ids of their jobs", async () => {
    const sizes = { "small.mp4": 1000, "large.mp4": 40 * 2 ** 20 };
    for (const [name, size] of Object.entries(sizes)) await writeFile(join(folder, name), randomBytes(size));
    const { code, stdout, stderr } = await reelway([
      "upload",
      ...Object.keys(sizes).map((name) => join(folder, name)),
      ...["--prefix", "thumbnails", "--metadata", "title=Zoë", "--stage", "dev", "--json"],
    ]);
    expect(code, stderr).to.equal(0);

    const { uploads } = JSON.parse(stdout);
    expect(uploads).to.have.length(2);
    for (const [index, [name, size]] of Object.entries(sizes).entries()) {
      const key = `thumbnails/${name}`;
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      expect(head).to.include({ ContentLength: size, ContentType: "video/mp4" });
      expect(head.ETag).to.match(name === "large.mp4" ? /-3"$/ : /-1"$/);
      expect(uploads[index]).to.deep.equal({
        path: join(folder, name),
        bucket,
        key,
        bytes: size,
        jobId: computeJobId({ bucket, key, versionId: head.VersionId ?? "" }, "thumbnails"),
      });
    }
  });

  describe("an upload that is interrupted", () => {
    const args = (name: string, ...options: readonly string[]) => [
      "upload",
      join(folder, name),
      ...["--stage", "dev", ...options],
    ];
    let gate: PartGate;
    beforeEach(async () => {
      gate = await startPartGate(moto.client.endpoint);
    });
    afterEach(() => gate.close());
    /** Ends an upload of three parts after its first part. */
    const interrupt = async (name: string, signal: NodeJS.Signals): Promise<CommandResult> => {
      const { child, exited } = startReelway(args(name), gate.endpoint);
      await gate.waitForHeldParts(2);
      child.kill(signal);
      const result = await exited;
      gate.open();
      return result;
    };
    const readObject = async (key: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return buffer(Body as Readable);
    };

    for (const signal of ["SIGKILL", "SIGINT"] as const)
      it(`is resumed by the same command, which sends only the missing parts (${signal})`, async () => {
        const name = `${signal}.mp4`;
        const content = randomBytes(40 * 2 ** 20);
        await writeFile(join(folder, name), content);
        const interrupted = await interrupt(name, signal);
        const { code, stderr } = await reelway(args(name), "", gate.endpoint);

        expect(interrupted.code).to.equal(1);
        if (signal === "SIGINT")
          expect(interrupted.stderr).to.include("To resume it, run the same command again.");
        expect(code, stderr).to.equal(0);
        expect(stderr).to.include(`${name}: Resuming, 1 of 3 parts are already there`);
        expect([...gate.passedParts].sort()).to.deep.equal([1, 2, 3]);
        expect((await readObject(name)).equals(content)).to.equal(true);
        expect(await readdir(join(folder, ".reelway/upload-records"))).to.deep.equal([]);
      });

    it("starts again for a file that has changed, and for other metadata", async () => {
      const name = "changed.mp4";
      const path = join(folder, name);
      await writeFile(path, randomBytes(40 * 2 ** 20));
      await interrupt(name, "SIGKILL");
      const other = await reelway(args(name, "--metadata", "title=x"), "", gate.endpoint);
      await writeFile(path, randomBytes(40 * 2 ** 20));
      await utimes(path, 1000, 1000);
      const changed = await reelway(args(name), "", gate.endpoint);

      for (const { code, stderr } of [other, changed]) {
        expect(code, stderr).to.equal(0);
        expect(stderr).to.not.include("Resuming");
      }
      expect([...gate.passedParts].sort()).to.deep.equal([1, 1, 1, 2, 2, 3, 3]);
    });
  });

  it("report a bucket that does not exist", async () => {
    const { code, stderr } = await reelway(["upload", join(folder, "small.mp4"), "--stage", "live"]);

    expect(code).to.equal(1);
    expect(stderr).to.include("small.mp4 to films-in failed: The specified bucket does not exist");
  });
});
