import { expect } from "chai";
import { parseEmbeddedJson } from "../../terraform/policy/embedded-json.ts";

describe("parseEmbeddedJson", () => {
  it("keeps expressions as they are, quotes and braces in them too", () => {
    const expression = `\${join(",", [for k, v in { a = "}" } : v])}`;

    expect(parseEmbeddedJson(`{"Resource":"${expression}/*","Effect":"Deny"}`)).to.deep.equal({
      Resource: `${expression}/*`,
      Effect: "Deny",
    });
  });

  it("takes a doubled dollar for a dollar", () => {
    expect(parseEmbeddedJson(`{"a":"$\${not an expression","b":1}`)).to.deep.equal({
      a: `$\${not an expression`,
      b: 1,
    });
  });

  it("answers nothing for what is no JSON before the plan", () => {
    expect(parseEmbeddedJson(`\${data.aws_iam_policy_document.reads.json}`)).to.equal(undefined);
    expect(parseEmbeddedJson("")).to.equal(undefined);
  });
});
