import { expect } from "chai";
import { formatBytes } from "../../web/components/format.ts";

describe("the size of a file", () => {
  for (const [bytes, text] of [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 KB"],
    [4_230_000, "4.2 MB"],
    [999_499, "999 KB"],
    [999_600, "1 MB"],
    [999_999_999, "1 GB"],
    [1.5e15, "1,500 TB"],
  ] as const)
    it(`of ${bytes} bytes is ${text}`, () => {
      expect(formatBytes(bytes)).to.equal(text);
    });
});
