import { expect } from "chai";
import { stackReads } from "../../../terraform/pull-request/stack-reads.ts";
import {
  missingReads,
  type Outlook,
  outlookOf,
  unsettledReads,
  waitsFor,
} from "../../../terraform/pull-request/waiting.ts";
import { change, plan, reference } from "./plan-factory.ts";

const state = "local:/states/storage";
const downstream = stackReads(
  {
    data: { terraform_remote_state: { s: { backend: "local", config: { path: "/states/storage" } } } },
    output: {
      made_of_key: { value: reference("data.terraform_remote_state.s.outputs.key") },
      made_of_name: { value: reference("data.terraform_remote_state.s.outputs.name") },
    },
  },
  "/stacks/compute",
);
const upstream = (given: Partial<Outlook>): ReadonlyMap<string, Outlook> =>
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
    expect(unsettledReads(downstream, upstream({}))).to.deep.equal([]);
    expect(missingReads(downstream, upstream({}))).to.deep.equal([]);
  });

  it("can be planned, but waits, where an output that it reads changes", () => {
    const changing = upstream({
      outputs: { stored: new Set(["key", "name"]), changing: new Set(["key", "unread"]) },
    });
    expect(missingReads(downstream, changing)).to.deep.equal([]);
    expect(waitsFor(unsettledReads(downstream, changing), changing)).to.deep.equal([
      { stack: "storage", outputs: ["key"] },
    ]);
  });

  it("cannot be planned where an output, or the whole state, is missing", () => {
    const noName = upstream({ outputs: { stored: new Set(["key"]), changing: new Set() } });
    expect(missingReads(downstream, noName)).to.deep.equal([{ state, output: "name" }]);
    const never = upstream({ hasState: false, outputs: { stored: new Set(), changing: new Set() } });
    expect(waitsFor(missingReads(downstream, never), never)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("cannot be planned where the stack before it could not", () => {
    const unplanned = upstream({ outputs: undefined });
    expect(waitsFor(missingReads(downstream, unplanned), unplanned)).to.deep.equal([
      { stack: "storage", outputs: ["key", "name"] },
    ]);
  });

  it("asks nothing of states that are none of the stage's", () => {
    expect(missingReads(downstream, new Map())).to.deep.equal([]);
    expect(unsettledReads(downstream, new Map())).to.deep.equal([]);
  });
});

describe("the outlook on a stack's outputs", () => {
  const document = plan({
    prior_state: { values: { outputs: { made_of_key: {}, made_of_name: {}, other: {} } } },
    output_changes: { other: change({ actions: ["update"] }), made_of_name: change({}) },
  });

  it("has those that the plan changes", () => {
    expect(outlookOf("compute", document, downstream, [])).to.deep.equal({
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
      outlookOf("compute", document, downstream, [{ state, output: "key" }]).outputs?.changing,
    ).to.deep.equal(new Set(["other", "made_of_key"]));
  });

  it("knows a stack that was never applied", () => {
    expect(outlookOf("compute", plan({}), downstream, [])).to.deep.equal({
      stack: "compute",
      hasState: false,
      outputs: { stored: new Set(), changing: new Set() },
    });
  });
});
