import { expect } from "chai";
import fc from "fast-check";
import { buildWebVtt, parseCues, type WebVttCue } from "../../../pipeline/captions/webvtt.ts";

describe("WebVTT", () => {
  it("is parsed as ffmpeg writes it: empty lines inside a cue do not end it", () => {
    const text =
      "WEBVTT\n\n00:00.500 --> 00:01.500\n<i>Hallo</i>\n\nWelt\n\n01:02:03.004 --> 01:02:05.000 line:0\nb\n";

    expect(parseCues(text)).to.deep.equal([
      { startSeconds: 0.5, endSeconds: 1.5, lines: ["<i>Hallo</i>", "Welt"] },
      { startSeconds: 3723.004, endSeconds: 3725, lines: ["b"] },
    ]);
  });

  it("leaves out cues without text or duration or before the start, and sorts the others", () => {
    const text = [
      ...["WEBVTT", "", "00:04.000 --> 00:05.000", "late", "", "00:01.000 --> 00:02.000", ""],
      ...["00:03.000 --> 00:03.000", "no duration", "", "-00:02.000 --> -00:01.000", "before the start"],
      ...["", "-00:01.000 --> 00:02.500", "from the start", ""],
    ].join("\n");

    expect(parseCues(text).map(({ startSeconds, lines }) => [startSeconds, ...lines])).to.deep.equal([
      [0, "from the start"],
      [4, "late"],
    ]);
  });

  it("has a timestamp map for HLS, full timestamps, and no arrow in a cue", () => {
    const cues = [{ startSeconds: 3599.9996, endSeconds: 3661.5, lines: ["a --> b", "c"] }];

    expect(buildWebVtt(cues)).to.equal(
      "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n01:00:00.000 --> 01:01:01.500\na --&gt; b\nc\n",
    );
  });

  it("escapes text, but neither styles nor character references", () => {
    const lines = ["I <3 you & x < y", "<i>it</i> <b>is</b> &amp; &lt;", "</font> &x;"];

    expect(
      buildWebVtt([{ startSeconds: 0, endSeconds: 1, lines }])
        .split("\n")
        .slice(4, 7),
    ).to.deep.equal(["I &lt;3 you &amp; x &lt; y", "<i>it</i> <b>is</b> &amp; &lt;", "&lt;/font> &amp;x;"]);
  });

  it("keeps every cue through writing and parsing", () => {
    const cue = fc
      .record({
        start: fc.integer({ min: 0, max: 1e8 }),
        length: fc.integer({ min: 1, max: 1e6 }),
        lines: fc.array(fc.stringMatching(/^[a-z>]{1,9}$/), { minLength: 1, maxLength: 3 }),
      })
      .map(
        ({ start, length, lines }): WebVttCue => ({
          startSeconds: start / 1000,
          endSeconds: (start + length) / 1000,
          lines: lines.map((line) => line.replaceAll("--", "")),
        }),
      );
    fc.assert(
      fc.property(fc.array(cue, { maxLength: 5 }), (cues) => {
        const sorted = [...cues].sort((a, b) => a.startSeconds - b.startSeconds);
        expect(parseCues(buildWebVtt(sorted)).map(({ lines }) => lines)).to.deep.equal(
          sorted.map(({ lines }) => lines),
        );
        for (const [index, { startSeconds, endSeconds }] of parseCues(buildWebVtt(sorted)).entries()) {
          expect(startSeconds).to.be.closeTo(sorted[index]?.startSeconds ?? 0, 0.0001);
          expect(endSeconds).to.be.closeTo(sorted[index]?.endSeconds ?? 0, 0.0001);
        }
      }),
    );
  });
});
