import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect } from "chai";
import { createOpenApiDocument } from "./openapi-document.ts";

describe("the OpenAPI document", () => {
  it("passes Redocly's strict rules", async () => {
    const config = await createConfig({
      extends: ["recommended-strict"],
      rules: {
        // GET /openapi.json and GET /reference accept every request.
        "operation-4xx-response": "off",
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(createOpenApiDocument()), config });
    expect(
      problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).to.deep.equal([]);
  });
});
