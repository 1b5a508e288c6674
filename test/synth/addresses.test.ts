import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { agreedAddresses, brokenAddresses } from "./address-contract.ts";
import { addressesOf, type Synthesis, type SynthesisedStack, synthesiseWhole } from "./synthesise.ts";

const file = new URL("addresses.json", import.meta.url);
const schema = z.record(
  z.string(),
  z.object({ addresses: z.array(z.string()), givenUp: z.record(z.string(), z.string()) }),
);
const nothing = { addresses: [], givenUp: {} };
const names = stackOrder.flatMap((name) => ["dev", "live"].map((stage) => `${stage}-${name}`));

describe("the contract of addresses", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesiseWhole();
    if (process.env.UPDATE_SNAPSHOTS !== "1") return;
    const before = schema.parse(JSON.parse(readFileSync(file, "utf8")));
    const agreed = Object.fromEntries(
      names.map((name) => [name, agreedAddresses(before[name] ?? nothing, synthesis.stack(name))]),
    );
    writeFileSync(file, `${JSON.stringify(agreed, null, 2)}\n`);
  });
  const contract = (name: string) => {
    const agreed = schema.parse(JSON.parse(readFileSync(file, "utf8")))[name];
    if (agreed === undefined) throw new Error(`addresses.json knows no stack ${name}.`);
    return agreed;
  };

  for (const name of names)
    it(`of ${name} is kept`, () => {
      expect(brokenAddresses(contract(name), synthesis.stack(name))).to.deep.equal([]);
    });

  describe("is broken", () => {
    const renamed = (moved: SynthesisedStack["moved"]): SynthesisedStack => {
      const stack = synthesis.stack("dev-storage");
      const { aws_dynamodb_table: tables = {}, ...others } = stack.resource;
      const key = jobs().split(".")[1] ?? "";
      const { [key]: table = {}, ...rest } = tables;
      return {
        ...stack,
        moved,
        resource: { ...others, aws_dynamodb_table: { ...rest, renamed: table } },
      };
    };
    const jobs = () =>
      addressesOf(synthesis.stack("dev-storage")).find((address) =>
        address.startsWith("aws_dynamodb_table.jobs_"),
      ) ?? "";

    it("by an address that is gone, and by one that is new", () => {
      expect(brokenAddresses(contract("dev-storage"), renamed([]))).to.deep.equal([
        `${jobs()} is gone: move it with a moved block, or give it up by name`,
        "aws_dynamodb_table.renamed is new: agree to it by UPDATE_SNAPSHOTS=1",
      ]);
    });

    it("by a move to what does not stand, but not by one to what does", () => {
      const [before, stack] = [
        contract("dev-storage"),
        renamed([{ from: jobs(), to: "aws_dynamodb_table.renamed" }]),
      ];

      expect(
        brokenAddresses(before, renamed([{ from: jobs(), to: "aws_dynamodb_table.other" }]))[0],
      ).to.equal(`${jobs()} is moved to aws_dynamodb_table.other, which does not stand`);
      expect(brokenAddresses(agreedAddresses(before, stack), stack)).to.deep.equal([]);
    });

    it("no more by one that was given up by name, and stays agreed until then", () => {
      const [before, stack] = [contract("dev-storage"), renamed([])];
      const agreed = agreedAddresses(before, stack);

      expect(brokenAddresses(agreed, stack)).to.deep.equal([
        `${jobs()} is gone: move it with a moved block, or give it up by name`,
      ]);
      expect(brokenAddresses({ ...agreed, givenUp: { [jobs()]: "by this test" } }, stack)).to.deep.equal([]);
    });
  });
});
