import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createFileSecrets } from "../../adapters/local/secrets.ts";
import { describeSecretsContract } from "./secrets.ts";

const openHome = async () => {
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
  describeSecretsContract("embedded", openHome);

  it("makes a key where there is none, for its owner's eyes alone, once", async () => {
    const { open, path, close } = await openHome();
    const [made, again] = [await open(), await open()];
    const [key, ...others] = await made.transcoderKeys();
    expect(others).to.eql([]);
    expect(key?.scope).to.equal("full");
    expect(await again.transcoderKeys()).to.eql([key]);
    expect(JSON.parse(await readFile(path, "utf8"))).to.include({ accessKeyId: key?.accessKeyId });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await close();
  });
});
