import { ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import sinon from "sinon";
import { createSecretsManagerSecrets } from "../../../adapters/aws/secrets.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const minute = 60_000;
const secret = (accessKeyId: string) =>
  JSON.stringify({ keys: [{ accessKeyId, secretAccessKey: "s", scope: "full" }] });

describe("the transcoder's keys in Secrets Manager", () => {
  const client = new SecretsManagerClient({ region: "us-east-1" });
  let send: sinon.SinonStub;
  beforeEach(() => {
    send = sinon.stub(client, "send");
  });
  afterEach(() => sinon.restore());
  const catchFailure = async (act: Promise<unknown>): Promise<StoreFailure> => {
    try {
      await act;
    } catch (cause) {
      if (cause instanceof StoreFailure) return cause;
      throw cause;
    }
    throw new Error("It was not refused.");
  };

  it("caches keys for 15 minutes, then sees a rotation", async () => {
    let now = 0;
    const secrets = createSecretsManagerSecrets(client, "keys", { nowMs: () => now });
    const id = async () => (await secrets.readTranscoderKeys())[0]?.accessKeyId;
    send.resolves({ SecretString: secret("old") });
    const first = await id();
    send.resolves({ SecretString: secret("new") });
    now = 15 * minute - 1;
    const within = await id();
    now = 15 * minute;
    expect({ first, within, id: await id() }).to.eql({ first: "old", within: "old", id: "new" });
    expect(send.getCalls().map(({ args: [command] }) => command.input)).to.eql([
      { SecretId: "keys" },
      { SecretId: "keys" },
    ]);
  });

  it("reads again at once for an unknown key, at most every ten seconds", async () => {
    let now = 0;
    const secrets = createSecretsManagerSecrets(client, "keys", { nowMs: () => now });
    const id = async () => (await secrets.readTranscoderKeys({ forceRefresh: true }))[0]?.accessKeyId;
    send.resolves({ SecretString: secret("old") });
    await secrets.readTranscoderKeys();
    send.resolves({ SecretString: secret("new") });
    now = 9_999;
    const within = await id();
    now = 10_000;
    expect({ within, id: await id() }).to.eql({ within: "old", id: "new" });
    expect(send.callCount).to.equal(2);
  });

  it("includes the previous version's keys while both are valid", async () => {
    const missing = new ResourceNotFoundException({ message: "no such stage", $metadata: {} });
    send.callsFake(async ({ input }) => {
      if (input.VersionStage === "AWSPREVIOUS") throw missing;
      return { SecretString: secret("first") };
    });
    const open = () => createSecretsManagerSecrets(client, "keys", { includePrevious: true });
    const once = await open().readTranscoderKeys();
    send.callsFake(async ({ input }) => ({
      SecretString: secret(input.VersionStage === "AWSPREVIOUS" ? "first" : "second"),
    }));
    const ids = (keys: readonly { readonly accessKeyId: string }[]) => keys.map((key) => key.accessKeyId);
    expect([ids(once), ids(await open().readTranscoderKeys())]).to.eql([["first"], ["second", "first"]]);
  });

  it("reads again after a failure, and reports whether the failure is transient", async () => {
    const secrets = createSecretsManagerSecrets(client, "keys");
    send.rejects(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    expect(await catchFailure(secrets.readTranscoderKeys())).to.include({
      kind: "transient",
      retryable: true,
      message: "Reading the transcoder keys from secret keys failed: slow down",
    });
    send.rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
    expect(await catchFailure(secrets.readTranscoderKeys())).to.include({ kind: "denied", retryable: false });
    send.resolves({ SecretString: secret("a") });
    expect(await secrets.readTranscoderKeys()).to.have.length(1);
  });

  it("names the invalid field and the expected form", async () => {
    const keys = [
      { accessKeyId: "a", secretAccessKey: "b", scope: "full" },
      { accessKeyId: "", scope: "write" },
    ];
    send.resolves({ SecretString: JSON.stringify({ keys }) });
    expect(
      (await catchFailure(createSecretsManagerSecrets(client, "keys").readTranscoderKeys())).message,
    ).to.equal(
      'Secret keys has missing or invalid fields: keys.1.accessKeyId, keys.1.secretAccessKey, keys.1.scope. Expected: {"keys":[{"accessKeyId":"…","secretAccessKey":"…","scope":"full"}]}. Valid scopes: full, read.',
    );
  });

  for (const [defect, answer, why] of [
    ["no text", { SecretBinary: new Uint8Array([1]) }, "has no string value"],
    ["no key", { SecretString: '{"keys":[]}' }, "has missing or invalid fields: keys"],
    ["no JSON", { SecretString: "secret" }, "is not valid JSON"],
  ] as const)
    it(`returns no keys if the secret holds ${defect}`, async () => {
      send.resolves(answer);
      const failure = await catchFailure(createSecretsManagerSecrets(client, "keys").readTranscoderKeys());
      expect(failure).to.include({ kind: "invalid", cause: undefined });
      expect(failure.message).to.match(new RegExp(`^Secret keys ${why}\\.`));
    });
});
