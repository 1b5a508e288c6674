import { expect } from "chai";
import { buildResourceName } from "../../modules/names.ts";

const deployment = { project: "reelway", stage: "dev" };

describe("resourceName", () => {
  it("joins project, stage and what it is", () => {
    expect(buildResourceName(deployment, "jobs")).to.equal("reelway-dev-jobs");
  });

  it("keeps a name of just the limit", () => {
    const what = "x".repeat(64 - "reelway-dev-".length);

    expect(buildResourceName(deployment, what, 64)).to.equal(`reelway-dev-${what}`);
  });

  it("cuts a longer one to the limit and keeps two of one beginning apart, the same each time", () => {
    const first = buildResourceName(deployment, `${"x".repeat(80)}-one`, 64);
    const second = buildResourceName(deployment, `${"x".repeat(80)}-two`, 64);

    expect(first).to.have.length(64);
    expect(first).to.match(/^reelway-dev-x+-[0-9a-f]{8}$/);
    expect(second).to.not.equal(first);
    expect(buildResourceName(deployment, `${"x".repeat(80)}-one`, 64)).to.equal(first);
  });
});
