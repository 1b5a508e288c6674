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
const of = (...include: string[]) => findDependants(stage, include).map(({ stack }) => stack);

describe("what depends on stacks that are to be destroyed", () => {
  it("is all that reads them, through others too", () => {
    expect(of("registry")).to.deep.equal(["compute", "routing"]);
  });

  it("leaves out what is to be destroyed with them", () => {
    expect(of("compute", "routing")).to.deep.equal([]);
  });

  it("is everything for the stack that keeps the states", () => {
    expect(of("state", "routing")).to.deep.equal(["registry", "storage", "compute"]);
  });
});
