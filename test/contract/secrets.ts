import { inspect } from "node:util";
import { expect } from "chai";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/secrets.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Storage for one secret. */
export interface SecretsFixture {
  /** Writes the secret text unchanged. */
  put(secret: string): Promise<void>;
  /** The text of a secret with one key. */
  write(key: Record<string, unknown>): string;
  /** A reader of the secret, as another process would open it. */
  open(): Promise<Secrets>;
  close(): Promise<void>;
}

const key: TranscoderKey = { accessKeyId: "KEY1", secretAccessKey: "ü+/= 1", scope: "full" };
const secretText = "hUsHhUsH";

/** The contract of `Secrets` (pipeline/ports/secrets.ts). */
export const describeSecretsContract = (name: string, open: () => Promise<SecretsFixture>): void => {
  describe(`the secrets contract, ${name}`, () => {
    let fixture: SecretsFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    it("returns the keys as they are written, to every reader", async () => {
      await fixture.put(fixture.write({ ...key }));
      for (const secrets of [await fixture.open(), await fixture.open()])
        for (const keys of [await secrets.readTranscoderKeys(), await secrets.readTranscoderKeys()])
          expect(keys).to.eql([key]);
    });

    it("reads a rotated key after it is reopened", async () => {
      await fixture.put(fixture.write({ ...key }));
      await (await fixture.open()).readTranscoderKeys();
      const next = { ...key, accessKeyId: "KEY2", scope: "read" as const };
      await fixture.put(fixture.write(next));
      expect(await (await fixture.open()).readTranscoderKeys()).to.eql([next]);
    });

    for (const [mistake, write] of [
      ["no JSON", () => secretText],
      ["a text cut short", () => fixture.write({ ...key, secretAccessKey: secretText }).slice(0, -3)],
      ["another kind of JSON", () => JSON.stringify([secretText])],
      ["a number", () => "7"],
      ["null", () => "null"],
      ["no secret key", () => fixture.write({ accessKeyId: secretText })],
      ["an empty secret key", () => fixture.write({ ...key, accessKeyId: secretText, secretAccessKey: "" })],
      ["an unknown scope", () => fixture.write({ ...key, scope: secretText })],
      ["a field of the wrong type", () => fixture.write({ ...key, secretAccessKey: [secretText] })],
    ] as const)
      it(`reports ${mistake} without the content of the secret`, async () => {
        await fixture.put(write());
        const secrets = await fixture.open();
        const failure = await secrets.readTranscoderKeys().catch((cause: unknown) => cause);
        expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid", retryable: false });
        const inspected = inspect(failure, { depth: 10, showHidden: true });
        expect(inspected).not.to.include(secretText.slice(0, 4));
        expect(inspected).to.include("secretAccessKey");
      });
  });
};
