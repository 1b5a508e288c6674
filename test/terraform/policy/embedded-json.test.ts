import { expect } from "chai";
import { parseEmbeddedJson } from "../../../terraform/policy/embedded-json.ts";

describe("parseEmbeddedJson", () => {
  it("keeps expressions with quotes and braces", () => {
    const expression = `\${join(",", [for k, v in { a = "}" } : v])}`;

    expect(parseEmbeddedJson(`{"Resource":"${expression}/*","Effect":"Deny"}`)).to.deep.equal({
      Resource: `${expression}/*`,
      Effect: "Deny",
    });
  });

  it("decodes a doubled dollar", () => {
    expect(parseEmbeddedJson(`{"a":"$\${not an expression","b":1}`)).to.deep.equal({
      a: `$\${not an expression`,
      b: 1,
    });
  });

  it("returns undefined for values that are not JSON before the plan", () => {
    expect(parseEmbeddedJson(`\${data.aws_iam_policy_document.reads.json}`)).to.equal(undefined);
    expect(parseEmbeddedJson("")).to.equal(undefined);
  });
});
