import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import * as z from "zod";
import { findContractBreaks, updateContract } from "./address-contract.ts";
import {
  listAddresses,
  wholeStackNames as names,
  type Synthesis,
  type SynthesizedStack,
  synthesizeWhole,
} from "./synthesize.ts";

const file = new URL("addresses.json", import.meta.url);
const schema = z.record(
  z.string(),
  z.object({ addresses: z.array(z.string()), retired: z.record(z.string(), z.string()) }),
);
const emptyContract = { addresses: [], retired: {} };

describe("the address contract", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesizeWhole();
    if (process.env.UPDATE_SNAPSHOTS !== "1") return;
    const before = schema.parse(JSON.parse(readFileSync(file, "utf8")));
    const storedContracts = Object.fromEntries(
      names.map((name) => [name, updateContract(before[name] ?? emptyContract, synthesis.stack(name))]),
    );
    writeFileSync(file, `${JSON.stringify(storedContracts, null, 2)}\n`);
  });
  const contract = (name: string) => {
    const storedContract = schema.parse(JSON.parse(readFileSync(file, "utf8")))[name];
    if (storedContract === undefined) throw new Error(`addresses.json knows no stack ${name}.`);
    return storedContract;
  };

  for (const name of names)
    it(`of ${name} is kept`, () => {
      expect(findContractBreaks(contract(name), synthesis.stack(name))).to.deep.equal([]);
    });

  describe("reports", () => {
    const renamed = (moved: SynthesizedStack["moved"]): SynthesizedStack => {
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
      listAddresses(synthesis.stack("dev-storage")).find((address) =>
        address.startsWith("aws_dynamodb_table.jobs_"),
      ) ?? "";

    it("a removed address and a new one", () => {
      expect(findContractBreaks(contract("dev-storage"), renamed([]))).to.deep.equal([
        `${jobs()} is gone: move it with a moved block, or give it up by name`,
        "aws_dynamodb_table.renamed is new: agree to it by UPDATE_SNAPSHOTS=1",
      ]);
    });

    it("a move to a missing address, but not one to an existing address", () => {
      const [before, stack] = [
        contract("dev-storage"),
        renamed([{ from: jobs(), to: "aws_dynamodb_table.renamed" }]),
      ];

      expect(
        findContractBreaks(before, renamed([{ from: jobs(), to: "aws_dynamodb_table.other" }]))[0],
      ).to.equal(`${jobs()} is moved to aws_dynamodb_table.other, which does not stand`);
      expect(findContractBreaks(updateContract(before, stack), stack)).to.deep.equal([]);
    });

    it("no retired address, and keeps it until then", () => {
      const [before, stack] = [contract("dev-storage"), renamed([])];
      const updated = updateContract(before, stack);

      expect(findContractBreaks(updated, stack)).to.deep.equal([
        `${jobs()} is gone: move it with a moved block, or give it up by name`,
      ]);
      expect(findContractBreaks({ ...updated, retired: { [jobs()]: "by this test" } }, stack)).to.deep.equal(
        [],
      );
    });
  });
});
