import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  describePublicKey,
  PlaybackKeysError,
  readPlaybackKeys,
  writePlaybackKeys,
} from "../../../terraform/playback/key-record.ts";

const toPem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

describe("the record of playback keys", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = describePublicKey(toPem(publicKey));
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-playback-keys-"));
    path = join(folder, "playback-keys.json");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is empty before the first rotation", async () => {
    expect(await readPlaybackKeys(path)).to.deep.equal({});
  });

  it("is read as written", async () => {
    await writePlaybackKeys({ dev: [key], prod: [] }, path);

    expect(await readPlaybackKeys(path)).to.deep.equal({ dev: [key], prod: [] });
  });

  const { publicKey: shortKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const { publicKey: ellipticKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (const [mistake, reason, record] of [
    ["a fingerprint of another key", "dev: 0: must be an RSA 2048", { dev: [{ ...key, fingerprint: "00" }] }],
    ["a short key", "dev: 0: must be an RSA 2048", { dev: [{ ...key, pem: toPem(shortKey) }] }],
    ["an elliptic key", "dev: 0: must be an RSA 2048", { dev: [{ ...key, pem: toPem(ellipticKey) }] }],
    ["three keys", "dev: Too big", { dev: [key, key, key] }],
    ["a wrong stage", "Dev!: Invalid key in record", { "Dev!": [key] }],
    ["a private field", 'Unrecognized key: "privateKey"', { dev: [{ ...key, privateKey: "" }] }],
  ] as const)
    it(`is rejected with ${mistake}, by name`, async () => {
      await writeFile(path, JSON.stringify(record));

      const refused = await readPlaybackKeys(path).catch((cause: unknown) => cause);

      expect(refused)
        .to.be.instanceOf(PlaybackKeysError)
        .with.property("message")
        .that.includes(`${path} is not valid`)
        .and.includes(reason)
        .and.includes("npx reelway playback-keys rotate");
    });

  it("is rejected if it is not JSON", async () => {
    await writeFile(path, "dev:");

    expect(await readPlaybackKeys(path).catch(String)).to.include(`${path} is not valid JSON`);
  });
});
