import { expect } from "chai";
import { findDependants } from "../../../terraform/deployment/dependants.ts";

const stacks = [
  ["state", []],
  ["registry", ["state"]],
  ["storage", ["state"]],
  ["compute", ["registry", "storage"]],
  ["routing", ["compute"]],
] as const;
const stage = stacks.map(([stack, upstreams]) => ({
  name: `dev-${stack}`,
  stage: "dev",
  stack,
  directory: `/out/dev-${stack}`,
  dependsOn: upstreams.map((one) => `dev-${one}`),
}));
const listDependants = (...include: string[]) => findDependants(stage, include).map(({ stack }) => stack);

describe("dependants of stacks to destroy", () => {
  it("include direct and indirect readers", () => {
    expect(listDependants("registry")).to.deep.equal(["compute", "routing"]);
  });

  it("exclude stacks that are destroyed too", () => {
    expect(listDependants("compute", "routing")).to.deep.equal([]);
  });

  it("include everything for the state stack", () => {
    expect(listDependants("state", "routing")).to.deep.equal(["registry", "storage", "compute"]);
  });
});
