import { expect } from "chai";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { configuredResource, planDocument, type ResourceInput, reference, resourceChange } from "./plans.ts";

const changed = (
  change: ResourceInput,
  configured: readonly ReturnType<typeof configuredResource>[] = [],
) => {
  const plan = planDocument([resourceChange({ actions: ["update"], ...change })], { configured });
  const [resource] = reviewPlan(plan, { name: "dev" }).resources;
  return (resource?.attributes ?? []).map(({ path, before, after, references, isElementDiff }) => ({
    path,
    ...JSON.parse(JSON.stringify({ before, after })),
    ...(references.length === 0 ? {} : { references }),
    ...(isElementDiff ? { elements: isElementDiff } : {}),
  }));
};

describe("changed attributes", () => {
  it("include blocks, maps and JSON text", () => {
    expect(
      changed({
        before: { a: { b: [{ c: 1, d: 2 }] }, tags: { "x y": "1" }, text: '{"k":[1,{"m":1}],"same":1}' },
        after: { a: { b: [{ c: 3, d: 2 }] }, tags: { "x y": "2" }, text: '{"same":1,"k":[1,{"m":2}]}' },
      }),
    ).to.deep.equal([
      { path: "a.b[0].c", before: 1, after: 3 },
      { path: 'tags["x y"]', before: "1", after: "2" },
      { path: "text.k[1].m", before: 1, after: 2 },
    ]);
  });

  it("match list elements by name, in any order", () => {
    expect(
      changed({
        before: {
          rule: [
            { id: "a", days: 1 },
            { id: "b", days: 2 },
            { id: "c", days: 3 },
          ],
        },
        after: {
          rule: [
            { id: "c", days: 3 },
            { id: "b", days: 5 },
            { id: "d", days: 4 },
          ],
        },
      }),
    ).to.deep.equal([
      { path: 'rule["a"]', before: { id: "a", days: 1 } },
      { path: 'rule["b"].days', before: 2, after: 5 },
      { path: 'rule["d"]', after: { id: "d", days: 4 } },
    ]);
  });

  it("list added and removed elements of a set", () => {
    expect(changed({ before: { ids: ["a", "b"] }, after: { ids: ["b", "c"] } })).to.deep.equal([
      { path: "ids", before: ["a"], after: ["c"], elements: true },
    ]);
  });

  it("treat absent and empty as equal, and omit tags_all", () => {
    expect(
      changed({
        before: { tags: null, list: [], text: "", tags_all: { stage: "dev" } },
        after: { tags: { a: "b" }, list: null, text: null, tags_all: { stage: "dev", a: "b" } },
      }),
    ).to.deep.equal([{ path: "tags", after: { a: "b" } }]);
  });

  it("name what a value depends on, and omit values set by AWS", () => {
    expect(
      changed(
        {
          address: "aws_sqs_queue.q",
          before: { kms_key: "old", etag: "1", rule: [{ status: "on" }] },
          after: { rule: [{ status: "on" }] },
          unknown: { kms_key: true, etag: true, rule: [{ mfa: true }] },
        },
        [configuredResource("aws_sqs_queue.q", { kms_key: reference("aws_kms_key.k.arn") })],
      ),
    ).to.deep.equal([
      { path: "kms_key", before: "old", after: "(known after apply)", references: ["aws_kms_key.k.arn"] },
    ]);
  });

  it("report that a sensitive value changes, without the value", () => {
    expect(
      changed({
        before: { password: "old", nested: [{ token: "t1", name: "n" }], same: "s" },
        after: { password: "new", nested: [{ token: "t2", name: "n" }], same: "s" },
        sensitive: { password: true, nested: [{ token: true }], same: true },
      }),
    ).to.deep.equal([
      { path: 'nested["n"].token', before: "(sensitive)", after: "(sensitive)" },
      { path: "password", before: "(sensitive)", after: "(sensitive)" },
    ]);
  });
});
