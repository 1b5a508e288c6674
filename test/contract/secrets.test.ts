import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileSecrets, rotateFileSecrets } from "../../adapters/local/secrets.ts";
import { describeSecretsContract } from "./secrets.ts";

const openFixture = async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-secrets-"));
  const path = join(folder, "keys.json");
  return {
    path,
    put: (secret: string) => writeFile(path, secret),
    write: (key: Record<string, unknown>) => JSON.stringify(key),
    open: () => createFileSecrets(path),
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

describe("the secrets of one machine", () => {
  describeSecretsContract("embedded", openFixture);

  it("creates a missing key once, readable by its owner only", async () => {
    const { open, path, close } = await openFixture();
    const [created, again] = [await open(), await open()];
    const [key, ...others] = await created.readTranscoderKeys();
    expect(others).to.eql([]);
    expect(key?.scope).to.equal("full");
    expect(await again.readTranscoderKeys()).to.eql([key]);
    expect(JSON.parse(await readFile(path, "utf8"))).to.include({ accessKeyId: key?.accessKeyId });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await close();
  });

  it("keeps two keys of a scope through a rotation, the newest first", async () => {
    const { open, path, close } = await openFixture();
    const secrets = await open();
    const [first] = await secrets.readTranscoderKeys();
    const second = await rotateFileSecrets(path, "full");
    const reader = await rotateFileSecrets(path, "read");
    expect(await secrets.readTranscoderKeys()).to.have.deep.members([second, first, reader]);
    const third = await rotateFileSecrets(path, "full");
    const keys = await secrets.readTranscoderKeys();
    expect(keys[0]).to.deep.equal(third);
    expect(keys).to.have.deep.members([third, second, reader]);
    expect(JSON.parse(await readFile(path, "utf8"))).to.include(third);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await close();
  });

  it("rejects a third key of a scope and a duplicate id", async () => {
    const { open, path, close } = await openFixture();
    const secrets = await open();
    const key = (accessKeyId: string, scope?: string) => ({ accessKeyId, secretAccessKey: "s", scope });
    for (const others of [[key("B"), key("C")], [key("A", "read")], [{}]]) {
      await writeFile(path, JSON.stringify({ ...key("A"), others }));
      expect(String(await secrets.readTranscoderKeys().catch((cause: unknown) => cause))).to.include(
        "others",
      );
    }
    await writeFile(path, JSON.stringify({ ...key("A"), others: [key("B"), key("C", "read")] }));
    expect((await secrets.readTranscoderKeys()).map(({ accessKeyId }) => accessKeyId)).to.eql([
      "A",
      "B",
      "C",
    ]);
    await close();
  });
});
