import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { stackOrder } from "../../modules/stack-order.ts";
import { type Synthesis, synthesizeWhole } from "./synthesize.ts";

const snapshot = (name: string): URL => new URL(`snapshots/${name}.json`, import.meta.url);

/** The code and the configuration have tests of their own; here only their places count. */
const removeCodeHashes = (text: string): string =>
  text
    .replace(/("(?:source_code_hash|source_hash)": ")[^"$]+/g, "$1CODE")
    .replace(/(assets\/[^/"]+\/)[0-9A-F]{32}(\/[^"$\\]+\.zip)?/g, "$1CODE")
    .replace(/('sha256-[^']+' ?)+/g, "HASHES")
    .replace(/("(?:key|s3_key)": "[^"]*\/)[0-9a-f]{64}\.zip/g, "$1CODE.zip")
    .replace(/@sha256:[0-9a-f]{64}/g, "@DIGEST")
    .replace(/(\\"name\\":\\"CONFIGURATION\\",\\"value\\":\\").*?(\\"\},\{\\"name\\")/g, "$1ROUTES$2");

describe("snapshots of the stacks", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(60_000);
    synthesis = await synthesizeWhole();
  });

  // What another stage's settings change is asserted in stacks.test.ts.
  for (const name of stackOrder.map((stack) => `dev-${stack}`))
    it(`${name} matches the snapshot`, () => {
      const text = removeCodeHashes(synthesis.files.get(`stacks/${name}/cdk.tf.json`)?.toString() ?? "");
      if (process.env.UPDATE_SNAPSHOTS === "1") {
        mkdirSync(new URL("snapshots/", import.meta.url), { recursive: true });
        writeFileSync(snapshot(name), text);
      }

      expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(snapshot(name), "utf8")));
    });
});
