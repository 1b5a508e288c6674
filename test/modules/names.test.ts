import { expect } from "chai";
import { buildResourceName } from "../../modules/names.ts";

const deployment = { project: "reelway", stage: "dev" };

describe("resourceName", () => {
  it("joins project, stage and name", () => {
    expect(buildResourceName(deployment, "jobs")).to.equal("reelway-dev-jobs");
  });

  it("keeps a name of exactly the limit", () => {
    const longName = "x".repeat(64 - "reelway-dev-".length);

    expect(buildResourceName(deployment, longName, 64)).to.equal(`reelway-dev-${longName}`);
  });

  it("shortens longer names uniquely and deterministically", () => {
    const first = buildResourceName(deployment, `${"x".repeat(80)}-one`, 64);
    const second = buildResourceName(deployment, `${"x".repeat(80)}-two`, 64);

    expect(first).to.have.length(64);
    expect(first).to.match(/^reelway-dev-x+-[0-9a-f]{8}$/);
    expect(second).to.not.equal(first);
    expect(buildResourceName(deployment, `${"x".repeat(80)}-one`, 64)).to.equal(first);
  });
});
