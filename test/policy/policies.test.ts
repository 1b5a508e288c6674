import { expect } from "chai";
import { allRules } from "../../terraform/policy/all-rules.ts";
import { isBlockBody } from "../../terraform/policy/block-values.ts";
import { checkPolicies, isWaived } from "../../terraform/policy/check-policies.ts";
import { findViolations } from "../../terraform/policy/find-violations.ts";
import { type Block, buildResourceGraph } from "../../terraform/policy/resource-graph.ts";
import { readSynthesisedJson } from "../../terraform/policy/synthesised-json.ts";
import { waivers } from "../../terraform/policy/waivers.ts";
import { type Synthesis, synthesiseWhole } from "../synth/synthesise.ts";
import { madeStacks } from "./made-stacks.ts";
import { type Mutation, mutations } from "./mutations.ts";

type Stacks = ReadonlyMap<string, unknown>;

const blockAt = (stacks: Stacks, start: string): Block => {
  const found = buildResourceGraph(stacks).blocks.filter(({ address }) => address.startsWith(start));
  const [block] = found;
  if (block === undefined || found.length > 1)
    throw new Error(`${found.length} blocks begin with ${start}, and one must.`);
  return block;
};

const takeAway = (stacks: Stacks, { stack, type, name }: Block): void => {
  const json = stacks.get(stack);
  const byType = isBlockBody(json) && isBlockBody(json.resource) ? json.resource[type] : undefined;
  if (!isBlockBody(byType) || !(name in byType)) throw new Error(`There is no ${type}.${name} to take away.`);
  Reflect.deleteProperty(byType, name);
};

describe("the policies", () => {
  let synthesis: Synthesis;
  let stacks: Stacks;
  let one: Stacks;
  before(async function () {
    this.timeout(60_000);
    synthesis = await synthesiseWhole();
    stacks = await readSynthesisedJson(synthesis.directory);
    one = new Map([
      ...[...stacks].filter(([name]) => name.startsWith("dev-")),
      ...Object.entries(madeStacks()),
    ]);
  });

  it("find nothing wrong with the stacks, every option used, but what is waived", () => {
    const { violations, unusedWaivers } = checkPolicies(stacks);

    expect(violations.map(({ rule, address, message }) => `${rule} ${address} ${message}`)).to.deep.equal([]);
    expect(unusedWaivers).to.deep.equal([]);
  });

  it("find nothing wrong with the stacks that were made for rules without a subject", () => {
    expect(checkPolicies(new Map(Object.entries(madeStacks()))).violations).to.deep.equal([]);
  });

  it("have an id and a name of their own each, and say what and why", () => {
    expect(new Set(allRules.map(({ id }) => id)).size).to.equal(allRules.length);
    for (const { id, description, rationale } of allRules)
      for (const sentence of [description, rationale]) expect(sentence, id).to.match(/^[A-Z].{15,}\.$/);
  });

  it("are each proven by a mutation", () => {
    const ids = allRules.map(({ id }) => id);

    expect([...new Set(mutations.map(({ rule }) => rule))].sort()).to.deep.equal([...ids].sort());
  });

  it("each have a subject in the product's own stacks", () => {
    const types = new Set(buildResourceGraph(stacks).blocks.map(({ type }) => type));
    const without = allRules.filter(
      ({ appliesTo }) => appliesTo !== "every" && !appliesTo.some((type) => types.has(type)),
    );

    expect(without.map(({ id }) => id)).to.deep.equal([]);
  });

  it("are waived only where they would be broken, whatever option it takes", () => {
    const found = findViolations(buildResourceGraph(stacks), allRules);

    for (const waiver of waivers) {
      const matching = found.filter((violation) => isWaived(waiver, violation));
      expect(matching, `${waiver.rule} ${waiver.address}`).to.not.have.length(0);
      for (const part of waiver.parts ?? [])
        expect(matching.map((violation) => violation.part)).to.include(part);
    }
  });

  describe("notice", () => {
    const describing = ({ rule, subject }: Mutation, index: number) =>
      `${index + 1}: what breaks ${rule} in ${subject}`;
    mutations.forEach((mutation, index) => {
      it(describing(mutation, index), () => {
        const mutated = structuredClone(one);
        const subject = blockAt(mutated, mutation.subject);
        const blamed = blockAt(mutated, mutation.blamed ?? mutation.subject).address;
        if (mutation.edit === undefined) takeAway(mutated, subject);
        else mutation.edit(subject.body);

        const { violations } = checkPolicies(mutated);

        expect([...new Set(violations.map(({ rule, address }) => `${rule} ${address}`))]).to.have.members(
          [mutation.rule, ...(mutation.also ?? [])].map((rule) => `${rule} ${blamed}`),
        );
      });
    });
  });
});
