import { expect } from "chai";
import { escapeHtml, toRelativeUrl } from "../../cli/demo/markup.ts";
import { renderDeployResults } from "../../cli/render/deploy-results.ts";
import {
  formatBytes,
  formatSeconds,
  formatSpeed,
  quoteShellArgument,
  toPrintable,
} from "../../pipeline/text/format.ts";
import { toTreePath } from "../../runtime/output-tree.ts";

describe("formatted values", () => {
  it("abbreviates bytes, seconds and multiples", () => {
    expect([0, 1, 999, 1500, 2_400_000, 123_456_789_000].map(formatBytes)).to.deep.equal([
      "0 bytes",
      "1 byte",
      "999 bytes",
      "1.5 kB",
      "2.4 MB",
      "123 GB",
    ]);
    expect([0.04, 59.9, 60, 3723].map(formatSeconds)).to.deep.equal(["0.0 s", "59.9 s", "1:00", "1:02:03"]);
    expect(formatSpeed(2, 4)).to.equal("2.00×");
    expect(formatSpeed(0, 4)).to.equal("–");
    expect(formatSpeed(2, undefined)).to.equal("–");
  });
  it("escapes control characters in names", () => {
    expect(toPrintable("a\u001b[2Jb\u202ec")).to.equal("a\uFFFD[2Jb\uFFFDc");
  });
  it("quotes text for a shell", () => {
    expect(["/data/a-b_c.d", "/my data", "it's $HOME"].map(quoteShellArgument)).to.deep.equal([
      "/data/a-b_c.d",
      "'/my data'",
      "'it'\\''s $HOME'",
    ]);
  });
});

describe("a file name with special characters", () => {
  it("is escaped in the report", () => {
    expect(escapeHtml(`<img src=x onerror="a('b')">&`)).to.equal(
      "&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;",
    );
  });
  it("stays one path segment of a relative URL", () => {
    expect(toRelativeUrl("output/a b/50%#?.mp4")).to.equal("./output/a%20b/50%25%23%3F.mp4");
    expect(toRelativeUrl("javascript:alert(1).png")).to.equal("./javascript%3Aalert(1).png");
    expect(toRelativeUrl("../../clip.mp4")).to.equal("../../clip.mp4");
  });
  it("stays below the output folder", () => {
    expect(toTreePath("../../etc/passwd")).to.equal("%2E%2E/%2E%2E/etc/passwd");
    expect(toTreePath("a//b/./c")).to.equal("a/%/b/%2E/c");
    expect(toTreePath("a\r\n:b.mp4")).to.equal("a%0D%0A%3Ab.mp4");
    expect(Buffer.byteLength(toTreePath(`${"ü".repeat(200)}.mp4`))).to.be.at.most(255);
  });
});

describe("the results of a deployment", () => {
  it("end with the addresses of the stage", () => {
    const counts = { add: 1, change: 0, remove: 0, import: 0 };

    const text = renderDeployResults([
      { name: "dev-routing", counts, outcome: "unchanged" },
      {
        name: "dev-site",
        counts,
        outcome: "applied",
        outputs: { distribution_domain_name: "d1.cloudfront.net", url: "https://media.example.com" },
      },
    ]);

    expect(text).to.equal(
      "dev-routing: unchanged\ndev-site: applied\n  distribution_domain_name: d1.cloudfront.net\n  url: https://media.example.com\n",
    );
  });
});
