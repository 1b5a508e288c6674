import { expect } from "chai";
import fc from "fast-check";
import {
  isSafeInTemplate,
  isStartedDirectly,
  listSpellings,
} from "../../../pipeline/routing/direct-match.ts";

const route = { trigger: "eventbridge", prefix: "images/", extensions: ["jpg", "3gp"] } as const;

describe("isStartedDirectly", () => {
  for (const [key, expected] of [
    ["images/a.jpg", true],
    ["images/folder/a.b.JPG", true],
    ["images/a.Jpg", true],
    ["images/a.3GP", true],
    ["images/a.jPg", false],
    ["images/.jpg", false],
    ["images/a.png", false],
    ["images/", false],
    ["other/a.jpg", false],
    ['images/a".jpg', false],
    ["images/a\\.jpg", false],
    ["images/a\n.jpg", false],
    ["images/<key>.jpg", false],
  ] as const)
    it(`is ${expected} for ${JSON.stringify(key)}`, () => {
      expect(isStartedDirectly(route, key)).to.equal(expected);
    });

  it("ignores the case of the extension if the route has no prefix", () => {
    expect(isStartedDirectly({ ...route, prefix: "" }, "a.jPg")).to.equal(true);
  });

  it("is false for a route that the router starts", () => {
    expect(isStartedDirectly({ ...route, trigger: "lambda" }, "images/a.jpg")).to.equal(false);
  });

  it("lists each spelling once", () => {
    expect([listSpellings("jpg"), listSpellings("3gp"), listSpellings("7")]).to.eql([
      ["jpg", "JPG", "Jpg"],
      ["3gp", "3GP"],
      ["7"],
    ]);
  });
});

describe("isSafeInTemplate", () => {
  it("accepts a key only if JSON needs no escape for it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (key) => {
        if (isSafeInTemplate(key)) expect(JSON.stringify(key)).to.equal(`"${key}"`);
      }),
    );
  });

  it("accepts spaces, marks and letters of every script", () => {
    for (const key of ["a b.jpg", "a'b(1)&+=@:,;$!~*[]{}|^`#%.jpg", "ü/日本.jpg"])
      expect(isSafeInTemplate(key)).to.equal(true);
  });
});
