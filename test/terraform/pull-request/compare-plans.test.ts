import { expect } from "chai";
import { comparePlans } from "../../../terraform/pull-request/compare-plans.ts";
import { normaliseChanges } from "../../../terraform/pull-request/normalised-changes.ts";
import { plan, resource } from "./plan-factory.ts";

const changes = (...resources: readonly unknown[]) => normaliseChanges(plan({ resource_changes: resources }));

describe("differences from a review", () => {
  it("name addresses and actions, and attributes if the action is the same", () => {
    const reviewed = changes(
      resource("a.gone", { actions: ["create"], after: {} }),
      resource("a.other", { actions: ["update"] }),
      resource("a.same", { actions: ["update"], before: { x: 1 }, after: { x: 2 } }),
      resource("a.value", { actions: ["update"], before: { x: 1, y: 1 }, after: { x: 2, y: 2 } }),
      resource("a.order", { actions: ["create", "delete"] }),
      resource("a.forced", { actions: ["delete", "create"], replace_paths: [["x"]] }),
    );
    const now = changes(
      resource("a.other", { actions: ["delete", "create"] }),
      resource("a.same", { actions: ["update"], before: { x: 1 }, after: { x: 2 } }),
      resource("a.value", { actions: ["update"], before: { x: 0, y: 2 }, after: { x: 2, y: 2 } }),
      resource("a.order", { actions: ["delete", "create"] }),
      resource("a.forced", { actions: ["delete", "create"], replace_paths: [["y"]] }),
      resource("a.new", {}, { previous_address: "a.old" }),
    );
    expect(comparePlans(reviewed, now)).to.deep.equal([
      "a.forced: replacement forced by x when reviewed; now by y",
      "a.gone: reviewed create; now nothing",
      "a.new: reviewed nothing; now move from a.old",
      "a.order: reviewed create, then delete; now delete, then create",
      "a.other: reviewed update; now replace",
      "a.value: x: reviewed 1 → 2; now 0 → 2",
      "a.value: y: reviewed 1 → 2; now unchanged",
    ]);
  });

  it("show long values where they differ", () => {
    const longValue = (suffix: string) =>
      resource("a.policy", {
        actions: ["create"],
        after: { text: `${"x".repeat(300)}${suffix}${"y".repeat(300)}` },
      });
    const [line = ""] = comparePlans(changes(longValue("one")), changes(longValue("two")));
    expect(line).to.contain("xone").and.to.contain("xtwo");
    expect(line.length).to.be.below(260);
  });

  it("list the current plan if only the hash was kept", () => {
    expect(comparePlans(undefined, changes(resource("a.b", { actions: ["delete"] })))).to.deep.equal([
      "a.b: now delete",
    ]);
  });
});
