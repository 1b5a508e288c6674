import { expect } from "chai";
import { allRules } from "../../../terraform/policy/all-rules.ts";
import { isBlockBody } from "../../../terraform/policy/block-values.ts";
import { checkPolicies, isWaived } from "../../../terraform/policy/check-policies.ts";
import { findViolations } from "../../../terraform/policy/find-violations.ts";
import { type Block, buildResourceGraph } from "../../../terraform/policy/resource-graph.ts";
import { readSynthesizedJson } from "../../../terraform/policy/synthesized-json.ts";
import { waivers } from "../../../terraform/policy/waivers.ts";
import { type Synthesis, synthesizeWhole } from "../../synth/synthesize.ts";
import { type Mutation, mutations } from "./mutations.ts";
import { syntheticStacks } from "./synthetic-stacks.ts";

type Stacks = ReadonlyMap<string, unknown>;

const findBlock = (stacks: Stacks, start: string): Block => {
  const match = buildResourceGraph(stacks).blocks.filter(({ address }) => address.startsWith(start));
  const [block] = match;
  if (block === undefined || match.length > 1)
    throw new Error(`${match.length} blocks begin with ${start}, and one must.`);
  return block;
};

const removeBlock = (stacks: Stacks, { stack, type, name }: Block): void => {
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
    synthesis = await synthesizeWhole();
    stacks = await readSynthesizedJson(synthesis.directory);
    one = new Map([
      ...[...stacks].filter(([name]) => name.startsWith("dev-")),
      ...Object.entries(syntheticStacks()),
    ]);
  });

  it("find no violations in the stacks with every option, except waived ones", () => {
    const { violations, unusedWaivers } = checkPolicies(stacks);

    expect(violations.map(({ rule, address, message }) => `${rule} ${address} ${message}`)).to.deep.equal([]);
    expect(unusedWaivers).to.deep.equal([]);
  });

  it("find no violations in the synthetic stacks", () => {
    expect(checkPolicies(new Map(Object.entries(syntheticStacks()))).violations).to.deep.equal([]);
  });

  it("have unique ids and names, and descriptions", () => {
    expect(new Set(allRules.map(({ id }) => id)).size).to.equal(allRules.length);
    for (const { id, description, rationale } of allRules)
      for (const sentence of [description, rationale]) expect(sentence, id).to.match(/^[A-Z].{15,}\.$/);
  });

  it("are each covered by a mutation", () => {
    const ids = allRules.map(({ id }) => id);

    expect([...new Set(mutations.map(({ rule }) => rule))].sort()).to.deep.equal([...ids].sort());
  });

  it("each have a subject in the product's stacks", () => {
    const types = new Set(buildResourceGraph(stacks).blocks.map(({ type }) => type));
    const without = allRules.filter(
      ({ appliesTo }) => appliesTo !== "every" && !appliesTo.some((type) => types.has(type)),
    );

    expect(without.map(({ id }) => id)).to.deep.equal([]);
  });

  it("are waived only where they would be violated, for any option", () => {
    const match = findViolations(buildResourceGraph(stacks), allRules);

    for (const waiver of waivers) {
      const matching = match.filter((violation) => isWaived(waiver, violation));
      expect(matching, `${waiver.rule} ${waiver.address}`).to.not.have.length(0);
      for (const exemptedPart of waiver.parts ?? [])
        expect(matching.map((violation) => violation.part)).to.include(exemptedPart);
    }
  });

  describe("a mutation", () => {
    const describeMutation = ({ rule, subject }: Mutation, index: number) =>
      `${index + 1}: what breaks ${rule} in ${subject}`;
    mutations.forEach((mutation, index) => {
      it(describeMutation(mutation, index), () => {
        const mutated = structuredClone(one);
        const subject = findBlock(mutated, mutation.subject);
        const blamed = findBlock(mutated, mutation.blamed ?? mutation.subject).address;
        if (mutation.edit === undefined) removeBlock(mutated, subject);
        else mutation.edit(subject.body);

        const { violations } = checkPolicies(mutated);

        expect([...new Set(violations.map(({ rule, address }) => `${rule} ${address}`))]).to.have.members(
          [mutation.rule, ...(mutation.also ?? [])].map((rule) => `${rule} ${blamed}`),
        );
      });
    });
  });
});
