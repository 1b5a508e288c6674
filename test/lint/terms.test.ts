import { expect } from "chai";
import { findRetiredTerms } from "./terms.ts";

describe("the retired terms lint", () => {
  it("reports the place, the term and the standard one, in identifiers and strings", () => {
    const text = [
      "const soundSeconds = 1;",
      "class Job { #ledger = 2; }",
      "throw new Error(`The job of $" + "{soundSeconds} is told nothing.`);",
    ].join("\n");

    expect(findRetiredTerms("a.ts", text)).to.deep.equal([
      'a.ts:1: "soundSeconds" is retired. Use: audio',
      'a.ts:2: "#ledger" is retired. Use: attemptStore',
      'a.ts:3: "soundSeconds" is retired. Use: audio',
      'a.ts:3: "is told" is retired. Use: receives, or is notified',
    ]);
  });

  it("reports the other spelling of a word that has two", () => {
    const text = 'synthesiseStack("Synthesising the stacks"); synthesize("the synthesis");';

    expect(findRetiredTerms("a.ts", text)).to.deep.equal([
      'a.ts:1: "synthesiseStack" is retired. Use: synthesize',
      'a.ts:1: "Synthesising" is retired. Use: synthesize',
    ]);
  });

  it("accepts standard terms, and words that only contain a retired one", () => {
    expect(
      findRetiredTerms("a.ts", 'const unsoundness = "A picture of sound"; const audioSeconds = 1;'),
    ).to.deep.equal([]);
  });

  it("checks identifiers, titles and the file name of a test, but no expectations", () => {
    expect(
      findRetiredTerms("test/where-told.test.ts", 'it("is told", () => expect(told).to.equal("is told"));'),
    ).to.deep.equal([
      'test/where-told.test.ts:1: "where-told.test" is retired. Use: error, report or notification',
      'test/where-told.test.ts:1: "is told" is retired. Use: receives, or is notified',
      'test/where-told.test.ts:1: "told" is retired. Use: error, report or notification',
    ]);
  });
});
