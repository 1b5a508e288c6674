import { expect } from "chai";
import { UserError } from "../../../pipeline/errors/errors.ts";
import { parseTruth } from "../../../pipeline/highlights/truth-schema.ts";

const person = { label: "Person", start: 12, end: 17.5 };

describe("true appearances", () => {
  it("are read in the order of the file", () => {
    const appearances = [person, { label: "Cup", start: 0, end: 3 }];
    expect(parseTruth({ appearances }, "truth.json")).to.deep.equal(appearances);
    expect(parseTruth({ appearances: [] }, "truth.json")).to.deep.equal([]);
  });

  const cases: readonly (readonly [name: string, value: unknown, message: RegExp])[] = [
    ["text that is not JSON", undefined, /in truth\.json are not valid: it is not valid JSON\. Expected: \{/],
    ["another document", [], /the document: /],
    ["no list", {}, /appearances: /],
    ["a missing label", { appearances: [person, { start: 1, end: 2 }] }, /appearances\.1\.label: /],
    ["an empty label", { appearances: [{ ...person, label: "" }] }, /appearances\.0\.label: /],
    ["a missing start", { appearances: [{ label: "Cup", end: 2 }] }, /appearances\.0\.start: /],
    ["a missing end", { appearances: [{ label: "Cup", start: 2 }] }, /appearances\.0\.end: /],
    ["a time as text", { appearances: [{ ...person, end: "17.5" }] }, /appearances\.0\.end: /],
    ["a negative start", { appearances: [{ ...person, start: -1 }] }, /appearances\.0\.start: /],
    [
      "an end before the start",
      { appearances: [person, { ...person, end: 12 }] },
      /appearances\.1\.end: 12 is not later than start, 12/,
    ],
    ["an entry twice", { appearances: [person, person] }, /appearances\.1: is the same as appearances\.0/],
  ];
  for (const [name, value, message] of cases)
    it(`are rejected with ${name}`, () => {
      expect(() => parseTruth(value, "truth.json")).to.throw(UserError, message);
    });

  it("are rejected with each mistake at once", () => {
    const appearances = [{ ...person, label: "" }, person, { ...person, start: -3 }];
    expect(() => parseTruth({ appearances }, "truth.json")).to.throw(
      /appearances\.0\.label: .*; appearances\.2\.start: /,
    );
  });
});
