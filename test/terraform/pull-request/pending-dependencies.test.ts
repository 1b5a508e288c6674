import { expect } from "chai";
import {
  findChangingReferences,
  findMissingReferences,
  groupByStack,
  type PlannedOutputs,
  predictOutputs,
} from "../../../terraform/pull-request/pending-dependencies.ts";
import { findStackDependencies } from "../../../terraform/pull-request/stack-dependencies.ts";
import { change, plan, reference } from "./plan-factory.ts";

const state = "local:/states/storage";
const downstream = findStackDependencies(
  {
    data: { terraform_remote_state: { s: { backend: "local", config: { path: "/states/storage" } } } },
    output: {
      made_of_key: { value: reference("data.terraform_remote_state.s.outputs.key") },
      made_of_name: { value: reference("data.terraform_remote_state.s.outputs.name") },
    },
  },
  "/stacks/compute",
);
const upstream = (changes: Partial<PlannedOutputs>): ReadonlyMap<string, PlannedOutputs> =>
  new Map([
    [
      state,
      {
        stack: "storage",
        hasState: true,
        outputs: { stored: new Set(["key", "name"]), changing: new Set<string>() },
        ...changes,
      },
    ],
  ]);

describe("pending dependencies", () => {
  it("are empty if all outputs are stored and unchanged", () => {
    expect(findChangingReferences(downstream, upstream({}))).to.deep.equal([]);
    expect(findMissingReferences(downstream, upstream({}))).to.deep.equal([]);
  });

  it("delay the apply of a planned stack if an output changes", () => {
    const changing = upstream({
      outputs: { stored: new Set(["key", "name"]), changing: new Set(["key", "unread"]) },
    });
    expect(findMissingReferences(downstream, changing)).to.deep.equal([]);
    expect(groupByStack(findChangingReferences(downstream, changing), changing)).to.deep.equal([
      { stack: "storage", outputs: ["key"] },
    ]);
  });

  it("prevent planning if an output or the whole state is missing", () => {
    const noName = upstream({ outputs: { stored: new Set(["key"]), changing: new Set() } });
    expect(findMissingReferences(downstream, noName)).to.deep.equal([{ state, output: "name" }]);
    const neverApplied = upstream({ hasState: false, outputs: { stored: new Set(), changing: new Set() } });
    expect(groupByStack(findMissingReferences(downstream, neverApplied), neverApplied)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("prevent planning if the previous stack could not be planned", () => {
    const unplanned = upstream({ outputs: undefined });
    expect(groupByStack(findMissingReferences(downstream, unplanned), unplanned)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("ignore states outside the stage", () => {
    expect(findMissingReferences(downstream, new Map())).to.deep.equal([]);
    expect(findChangingReferences(downstream, new Map())).to.deep.equal([]);
  });
});

describe("the planned outputs of a stack", () => {
  const document = plan({
    prior_state: { values: { outputs: { made_of_key: {}, made_of_name: {}, other: {} } } },
    output_changes: { other: change({ actions: ["update"] }), made_of_name: change({}) },
  });

  it("include those that the plan changes", () => {
    expect(predictOutputs("compute", document, downstream, [])).to.deep.equal({
      stack: "compute",
      hasState: true,
      outputs: {
        stored: new Set(["made_of_key", "made_of_name", "other"]),
        changing: new Set(["other"]),
      },
    });
  });

  it("include those that depend on pending changes unknown to the plan", () => {
    expect(
      predictOutputs("compute", document, downstream, [{ state, output: "key" }]).outputs?.changing,
    ).to.deep.equal(new Set(["other", "made_of_key"]));
  });

  it("include all of a stack that was never applied", () => {
    expect(predictOutputs("compute", plan({}), downstream, [])).to.deep.equal({
      stack: "compute",
      hasState: false,
      outputs: { stored: new Set(), changing: new Set() },
    });
  });
});
