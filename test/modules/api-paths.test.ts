import { expect } from "chai";
import { apiPathPatterns } from "../../modules/api-paths.ts";
import { createOpenApiDocument } from "../lambdas/api/openapi-document.ts";

/** Whether CloudFront's path pattern matches a path: `*` is any text, `?` one character. */
const matches = (pattern: string, path: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(path);
const isApiPath = (path: string): boolean => apiPathPatterns.some((pattern) => matches(pattern, path));

describe("apiPathPatterns", () => {
  it("match every path of the API", () => {
    const paths = Object.keys(createOpenApiDocument().paths ?? {});

    expect(paths).to.include("/jobs/{id}");
    expect(paths.filter((path) => !isApiPath(path.replaceAll(/\{.+?\}/g, "x")))).to.deep.equal([]);
  });

  it("match the paths of signing in and out", () => {
    for (const path of ["/sign-in", "/sign-in/callback", "/sign-out", "/sign-out/provider"])
      expect(isApiPath(path), path).to.equal(true);
  });

  it("match no path of the page or of outputs", () => {
    for (const path of ["/", "/index.html", "/favicon.ico", "/assets/app.js", "/output/films/a.mp4"])
      expect(isApiPath(path), path).to.equal(false);
  });
});
