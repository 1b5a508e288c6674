import { expect } from "chai";
import fc from "fast-check";
import { toLocalPath } from "../../../pipeline/access/local-path.ts";

const origin = "https://videos.example.org";

describe("the path after a sign-in", () => {
  it("keeps paths of this server with their query", () => {
    for (const path of ["/", "/jobs", "/output/a%20b.mp4?t=1#x", "/sign-ins", "/a/../b", "/?next=//other"])
      expect(toLocalPath(path), path).to.equal(path);
  });

  it("is never at another server, nor a page of the sign-in, in any way that a browser reads it", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "/",
        "//",
        "\\",
        "/\\",
        "\t",
        "\n",
        "\r",
        "\0",
        " ",
        "@",
        ":",
        "http:",
        "https://",
        "javascript:",
        "evil.example",
        "%2f",
        "%5c",
        "%09",
        "..",
        ".",
        "?",
        "#",
        ";",
        "sign-in",
        "sign-out",
        "／",
        "\u2028",
      ),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        for (const text of [parts.join(""), `/${parts.join("")}`]) {
          const path = toLocalPath(text);
          // A browser resolves the value of a Location header, a link and a form.
          expect(new URL(path, `${origin}/sign-in/callback`).origin).to.equal(origin);
          expect(path).to.match(/^\/[\x21-\x7e]*$/);
          expect(path).to.not.match(/^\/sign-(in|out)(\/|\?|#|$)/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is the page for everything else", () => {
    for (const text of [
      undefined,
      "",
      "jobs",
      "//evil.example",
      "/\\evil.example",
      "/a\\b",
      "/\tevil.example",
      "https://evil.example",
      "/sign-in?next=/jobs",
      "/sign-out/provider",
      `/${"a".repeat(2048)}`,
    ])
      expect(toLocalPath(text), text).to.equal("/");
  });
});
