import { expect } from "chai";
import { isSameLabel } from "../../../pipeline/highlights/label-name.ts";

describe("label names", () => {
  it("are the same if only case or surrounding white space differ", () => {
    expect(isSameLabel("Person", "person")).to.equal(true);
    expect(isSameLabel(" Coffee Cup\n", "coffee cup")).to.equal(true);
    expect(isSameLabel("Person", "Persons")).to.equal(false);
    expect(isSameLabel("Coffee Cup", "CoffeeCup")).to.equal(false);
  });
});
