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
const upstream = (given: Partial<PlannedOutputs>): ReadonlyMap<string, PlannedOutputs> =>
  new Map([
    [
      state,
      {
        stack: "storage",
        hasState: true,
        outputs: { stored: new Set(["key", "name"]), changing: new Set<string>() },
        ...given,
      },
    ],
  ]);

describe("what a stack waits for", () => {
  it("waits for nothing where all it reads is stored and stays", () => {
    expect(findChangingReferences(downstream, upstream({}))).to.deep.equal([]);
    expect(findMissingReferences(downstream, upstream({}))).to.deep.equal([]);
  });

  it("can be planned, but waits, where an output that it reads changes", () => {
    const changing = upstream({
      outputs: { stored: new Set(["key", "name"]), changing: new Set(["key", "unread"]) },
    });
    expect(findMissingReferences(downstream, changing)).to.deep.equal([]);
    expect(groupByStack(findChangingReferences(downstream, changing), changing)).to.deep.equal([
      { stack: "storage", outputs: ["key"] },
    ]);
  });

  it("cannot be planned where an output, or the whole state, is missing", () => {
    const noName = upstream({ outputs: { stored: new Set(["key"]), changing: new Set() } });
    expect(findMissingReferences(downstream, noName)).to.deep.equal([{ state, output: "name" }]);
    const never = upstream({ hasState: false, outputs: { stored: new Set(), changing: new Set() } });
    expect(groupByStack(findMissingReferences(downstream, never), never)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("cannot be planned where the stack before it could not", () => {
    const unplanned = upstream({ outputs: undefined });
    expect(groupByStack(findMissingReferences(downstream, unplanned), unplanned)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("asks nothing of states that are none of the stage's", () => {
    expect(findMissingReferences(downstream, new Map())).to.deep.equal([]);
    expect(findChangingReferences(downstream, new Map())).to.deep.equal([]);
  });
});

describe("the outlook on a stack's outputs", () => {
  const document = plan({
    prior_state: { values: { outputs: { made_of_key: {}, made_of_name: {}, other: {} } } },
    output_changes: { other: change({ actions: ["update"] }), made_of_name: change({}) },
  });

  it("has those that the plan changes", () => {
    expect(predictOutputs("compute", document, downstream, [])).to.deep.equal({
      stack: "compute",
      hasState: true,
      outputs: {
        stored: new Set(["made_of_key", "made_of_name", "other"]),
        changing: new Set(["other"]),
      },
    });
  });

  it("has those that hang on what is about to change, although the plan does not know", () => {
    expect(
      predictOutputs("compute", document, downstream, [{ state, output: "key" }]).outputs?.changing,
    ).to.deep.equal(new Set(["other", "made_of_key"]));
  });

  it("knows a stack that was never applied", () => {
    expect(predictOutputs("compute", plan({}), downstream, [])).to.deep.equal({
      stack: "compute",
      hasState: false,
      outputs: { stored: new Set(), changing: new Set() },
    });
  });
});
