import { inspect } from "node:util";
import { expect } from "chai";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/secrets.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** A place for one secret. */
export interface SecretsHome {
  /** Writes the secret as it stands. */
  put(secret: string): Promise<void>;
  /** How a secret of one key is written here. */
  write(key: Record<string, unknown>): string;
  /** Over the secret, as another process would open it. */
  open(): Promise<Secrets>;
  close(): Promise<void>;
}

const key: TranscoderKey = { accessKeyId: "KEY1", secretAccessKey: "ü+/= 1", scope: "full" };
const hidden = "hUsHhUsH";

/** What every `Secrets` holds (pipeline/ports/secrets.ts). */
export const describeSecretsContract = (name: string, open: () => Promise<SecretsHome>): void => {
  describe(`the secrets contract, ${name}`, () => {
    let home: SecretsHome;
    beforeEach(async () => {
      home = await open();
    });
    afterEach(() => home.close());

    it("answers the keys as they are written, to whoever opens it", async () => {
      await home.put(home.write({ ...key }));
      for (const secrets of [await home.open(), await home.open()])
        for (const keys of [await secrets.readTranscoderKeys(), await secrets.readTranscoderKeys()])
          expect(keys).to.eql([key]);
    });

    it("reads a rotated key where it is opened anew", async () => {
      await home.put(home.write({ ...key }));
      await (await home.open()).readTranscoderKeys();
      const next = { ...key, accessKeyId: "KEY2", scope: "read" as const };
      await home.put(home.write(next));
      expect(await (await home.open()).readTranscoderKeys()).to.eql([next]);
    });

    for (const [what, write] of [
      ["no JSON", () => hidden],
      ["a text cut short", () => home.write({ ...key, secretAccessKey: hidden }).slice(0, -3)],
      ["another kind of JSON", () => JSON.stringify([hidden])],
      ["a number", () => "7"],
      ["null", () => "null"],
      ["no secret key", () => home.write({ accessKeyId: hidden })],
      ["an empty secret key", () => home.write({ ...key, accessKeyId: hidden, secretAccessKey: "" })],
      ["an unknown scope", () => home.write({ ...key, scope: hidden })],
      ["a field of the wrong type", () => home.write({ ...key, secretAccessKey: [hidden] })],
    ] as const)
      it(`tells ${what} without what the secret says`, async () => {
        await home.put(write());
        const secrets = await home.open();
        const failure = await secrets.readTranscoderKeys().catch((cause: unknown) => cause);
        expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid", retryable: false });
        const told = inspect(failure, { depth: 10, showHidden: true });
        expect(told).not.to.include(hidden.slice(0, 4));
        expect(told).to.include("secretAccessKey");
      });
  });
};
