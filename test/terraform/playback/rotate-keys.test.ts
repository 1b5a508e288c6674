import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import sinon from "sinon";
import { readPlaybackSecret, writePlaybackSecret } from "../../../adapters/aws/playback-secret.ts";
import type { Site } from "../../../adapters/aws/site-parameter.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { readPlaybackKeys, writePlaybackKeys } from "../../../terraform/playback/key-record.ts";
import {
  listPlaybackKeys,
  MissingPlaybackSecretError,
  PendingRotationError,
  rotatePlaybackKeys,
  type StagePlaybackKeys,
} from "../../../terraform/playback/rotate-keys.ts";

const notFound = () => new ResourceNotFoundException({ message: "not found", $metadata: {} });

describe("the rotation of playback keys", function () {
  // Each new key takes some tenths of a second.
  this.timeout(30_000);
  const client = new SecretsManagerClient({ region: "us-east-1" });
  let folder: string;
  let recordPath: string;
  let secret: string | undefined;
  let site: Site | undefined;
  let keys: StagePlaybackKeys;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-rotate-"));
    recordPath = join(folder, "playback-keys.json");
    secret = undefined;
    site = undefined;
    sinon.stub(client, "send").callsFake(async ({ input }: { input: object }) => {
      expect(input).to.include({ SecretId: "reelway-dev-playback" });
      if ("SecretString" in input) secret = String(input.SecretString);
      if (secret === undefined) throw notFound();
      return { SecretString: secret };
    });
    keys = {
      stage: "dev",
      readSecret: () => readPlaybackSecret(client, "reelway-dev-playback"),
      writeSecret: (privateKeys) => writePlaybackSecret(client, "reelway-dev-playback", privateKeys),
      readSite: async () => site,
      recordPath,
    };
  });
  afterEach(async () => {
    sinon.restore();
    await rm(folder, { recursive: true, force: true });
  });
  const readRecord = async () => (await readPlaybackKeys(recordPath)).dev ?? [];
  const readSecretFingerprints = async () => (await keys.readSecret()).map(({ fingerprint }) => fingerprint);
  const rotate = async () => {
    const { outcome, keys: publicKeys } = await rotatePlaybackKeys(keys);
    return { outcome, fingerprints: publicKeys.map(({ fingerprint }) => fingerprint) };
  };
  /** Applies the record, as the stack `site` does. */
  const apply = async () => {
    const record = await readRecord();
    site = {
      domainName: "d111111abcdef8.cloudfront.net",
      keyIds: Object.fromEntries(record.map(({ fingerprint }, index) => [fingerprint, `K${index}`])),
    };
  };

  it("creates the first key: the private one in the secret, the public one in the record", async () => {
    await writePlaybackKeys({ prod: [] }, recordPath);

    const { outcome, fingerprints } = await rotate();

    const [privateKey] = await keys.readSecret();
    const [publicKey] = await readRecord();
    expect({ outcome, fingerprints }).to.deep.equal({
      outcome: "created",
      fingerprints: [privateKey?.fingerprint],
    });
    const derived = createPublicKey(createPrivateKey(privateKey?.privateKey ?? ""));
    expect(publicKey).to.deep.equal({
      fingerprint: privateKey?.fingerprint,
      pem: derived.export({ type: "spki", format: "pem" }),
    });
    expect(Object.keys(await readPlaybackKeys(recordPath))).to.deep.equal(["prod", "dev"]);
  });

  it("keeps the previous key and removes the one before", async () => {
    const [first] = (await rotate()).fingerprints;
    await apply();
    const [second, ...afterSecond] = (await rotate()).fingerprints;
    await apply();
    const [third, ...afterThird] = (await rotate()).fingerprints;

    expect(afterSecond).to.deep.equal([first]);
    expect(afterThird).to.deep.equal([second]);
    expect(new Set([first, second, third]).size).to.equal(3);
    expect(await readSecretFingerprints()).to.deep.equal([third, second]);
  });

  it("waits until CloudFront has the last key, which would otherwise lose the key that signs", async () => {
    await rotate();
    await apply();
    await rotate();

    const refused = await rotatePlaybackKeys(keys).catch((cause: unknown) => cause);

    expect(refused)
      .to.be.instanceOf(PendingRotationError)
      .with.property("message")
      .that.includes("deploy --stage dev --only site");
    expect(await readRecord()).to.have.length(2);
  });

  it("completes a rotation that was interrupted before the record was written", async () => {
    await rotate();
    await apply();
    await writeFile(recordPath, "broken on purpose");
    expect(String(await rotatePlaybackKeys(keys).catch((cause: unknown) => cause))).to.include(
      "is not valid JSON",
    );
    await rm(recordPath);

    const { outcome, fingerprints } = await rotate();

    expect(outcome).to.equal("recorded");
    expect(fingerprints).to.deep.equal(await readSecretFingerprints());
    expect(await readRecord()).to.have.length(1);
  });

  it("explains a missing secret, and passes on other failures without a record", async () => {
    const missing = await rotatePlaybackKeys({
      ...keys,
      writeSecret: () => Promise.reject(new StoreFailure("missing", "Secret a does not exist.")),
    }).catch((cause: unknown) => cause);
    const denied = await rotatePlaybackKeys({
      ...keys,
      writeSecret: () => Promise.reject(new StoreFailure("denied", "No.")),
    }).catch((cause: unknown) => cause);

    expect(missing)
      .to.be.instanceOf(MissingPlaybackSecretError)
      .with.property("message")
      .that.includes("npx reelway deploy --stage dev --only api");
    expect(denied).to.be.instanceOf(StoreFailure);
    expect(await readRecord()).to.deep.equal([]);
  });

  it("is listed: which key signs, and what is not applied or recorded", async () => {
    const [first = ""] = (await rotate()).fingerprints;
    await apply();
    const [second = ""] = (await rotate()).fingerprints;
    const listed = await listPlaybackKeys(keys);
    await rm(recordPath);
    const unrecorded = await listPlaybackKeys(keys);

    expect(listed).to.deep.equal([
      { fingerprint: second, isRecorded: true, keyPairId: null, isSigning: false },
      { fingerprint: first, isRecorded: true, keyPairId: "K0", isSigning: true },
    ]);
    expect(unrecorded.map(({ isRecorded }) => isRecorded)).to.deep.equal([false, false]);
  });

  it("never quotes a secret that is not valid", async () => {
    secret = '{"keys":[{"privateKey":"PRIVATE"';

    const refused = await rotatePlaybackKeys(keys).catch((cause: unknown) => cause);

    expect(refused).to.be.instanceOf(StoreFailure).with.property("kind", "invalid");
    expect(String(refused)).to.not.include("PRIVATE");
    expect(refused).to.have.property("cause", undefined);
  });
});
