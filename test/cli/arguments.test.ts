import { expect } from "chai";
import { InvalidArgumentError } from "commander";
import { collectOrigins } from "../../cli/arguments.ts";

describe("--allow-origin", () => {
  it("accepts origins as browsers send them", () => {
    const origins = ["http://localhost:3000", "https://app.example", "http://[::1]:8080"];
    const collected = origins.reduce<readonly string[]>((before, text) => collectOrigins(text, before), []);
    expect(collected).to.deep.equal(origins);
  });

  it("rejects other values and patterns", () => {
    for (const text of [
      "*",
      "null",
      "",
      "app.example",
      "http://*",
      "https://*.app.example/",
      "http://app.example/",
      "https://app.example:443",
      "http://APP.example",
      "http://user@app.example",
      "http://app.example/path",
      "ftp://app.example",
      "file:///tmp",
      "chrome-extension://abc",
    ])
      expect(() => collectOrigins(text, []), text).to.throw(InvalidArgumentError);
  });
});
