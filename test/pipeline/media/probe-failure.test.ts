import { expect } from "chai";
import { classifyProbeFailure } from "../../../pipeline/media/probe-failure.ts";

describe("ffprobe errors", () => {
  for (const [log, code] of [
    ["Picture size 16000x16000 exceeds specified max pixel count 8000000", 4001],
    ["Format not on whitelist 'mov,matroska'", 4000],
    ["[mp3] Format mp3 detected only with low score of 1, misdetection possible! End of file", 4000],
    ["moov atom not found", 4002],
    ["x: End of file", 4002],
    ["Invalid data found when processing input", 4000],
  ] as const)
    it(`map to ${code} with a reason: ${log}`, () => {
      const failure = classifyProbeFailure("a/b.mp4", log);

      expect({ code: failure.code, retryable: failure.retryable }).to.deep.equal({ code, retryable: false });
      expect(failure.message).to.match(/^a\/b\.mp4 /);
    });

  const lowScore =
    "[mov] Format mov detected only with low score of 1, misdetection possible!\nmoov atom not found";
  const explain = (log: string, head: string | Uint8Array = ""): string =>
    classifyProbeFailure("a.mp4", log, typeof head === "string" ? Buffer.from(head) : head).message;

  it("speak of text only if the content is text", () => {
    expect(explain(lowScore, "hello\r\n\twörld — 日")).to.include("it is text");
    expect(explain(lowScore, Buffer.from("日本").subarray(0, 4))).to.include("it is text");
    expect(explain("[srt @ 0x5] Format not on whitelist 'mov'")).to.include("it is text");
    expect(explain(lowScore, Buffer.from([0x1f, 0x8b, 8, 0, 0xff]))).to.include("no known container format");
    expect(explain(lowScore)).to.include("no known container format");
  });

  it("name a format that the route does not accept", () => {
    expect(explain("[png_pipe @ 0x5] Format not on whitelist 'mov'")).to.include(
      "does not accept its format (png)",
    );
  });
});
