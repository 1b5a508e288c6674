import { expect } from "chai";
import fc from "fast-check";
import { renderSummary } from "../../cli/demo/summary.ts";
import { type Bar, renderBars } from "../../cli/render/bars.ts";
import { renderJobTable } from "../../cli/render/job-table.ts";
import { measureText, padEnd, truncateEnd, truncateStart } from "../../cli/render/width.ts";
import type { Job } from "../../pipeline/jobs/job.ts";

const job = (key: string, change: Partial<Job> = {}): Job =>
  ({
    id: "abcdefghijklmnop",
    source: { bucket: "input", key, bytes: 5 },
    route: "watermarks",
    engine: "elastic-transcoder",
    status: "Progressing",
    progress: { percent: 34, phase: "waiting for the next attempt" },
    createdAt: "2026-11-21T07:00:00Z",
    finishedAt: "2026-11-21T07:00:05Z",
    error: null,
    outputs: [],
    ...change,
  }) as unknown as Job;
const widest = (text: string): number => Math.max(...text.split("\n").map(measureText));
const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.constantFrom(
    "日本語の名前がとても長いファイルです、さらに長く.wav",
    `${"a".repeat(300)}.mp4`,
    "🎬🎬.mov",
  ),
);

describe("the width of text on a terminal", () => {
  it("counts two cells for wide characters and none for combining marks", () => {
    expect(["abc", "日本", "e\u0301", "🎬", "👨‍👩‍👧", "ｱ", "Ａ", ""].map(measureText)).to.deep.equal([
      3, 4, 1, 2, 2, 1, 2, 0,
    ]);
  });
  it("does not exceed the limit, whichever end is kept", () => {
    expect(truncateStart("日本語.wav", 7)).to.equal("…語.wav");
    expect(truncateEnd("日本語.wav", 6)).to.equal("日本…");
    expect(padEnd("日本", 6)).to.equal("日本  ");
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 60 }), (text, width) => {
        expect(measureText(truncateStart(text, width))).to.be.at.most(width);
        expect(measureText(truncateEnd(text, width))).to.be.at.most(width);
      }),
    );
  });
});

describe("progress bars", () => {
  const bars = (count: number, state: Bar["state"]): readonly Bar[] =>
    Array.from({ length: count }, (_, number) => ({
      label: `${state}-${number}.mp4`,
      percent: 50,
      phase: "encoding",
      state,
    }));

  it("show one line per job, marked with its status", () => {
    const lines = renderBars(
      [...bars(1, "running"), { label: "b.mp4", percent: 100, phase: "Complete", state: "done" }],
      {
        columns: 60,
        rows: 24,
      },
    ).split("\n");
    expect(lines).to.have.length(2);
    expect(lines[1]).to.match(/^✔ b\.mp4 +█+ 100% Complete$/);
  });
  it("fit the terminal for any names and any number of jobs", () => {
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 4, max: 50 }),
        (labels, columns, rows) => {
          const text = renderBars(
            labels.map((label) => ({ label, percent: 50, phase: "encoding renditions" })),
            { columns, rows },
          );
          expect(text.split("\n").length).to.be.below(rows);
          expect(widest(text)).to.be.below(columns);
        },
      ),
    );
  });
  it("show running jobs if not all fit, and count the rest", () => {
    const all = [...bars(20, "done"), ...bars(2, "running"), ...bars(20, "pending"), ...bars(1, "failed")];
    const lines = renderBars(all, { columns: 100, rows: 10 }).split("\n");
    expect(lines).to.have.length(9);
    expect(lines.filter((line) => /running-|failed-/.test(line))).to.have.length(3);
    expect(lines.at(-1)).to.equal("  35 more; total 43: 20 done, 1 failed, 2 running, 20 pending");
  });
});

describe("the job list", () => {
  it("fits the terminal and shows how the job ended", () => {
    for (const columns of [64, 80, 120]) {
      const text = renderJobTable(
        [job("long/folder/".repeat(12)), job("日本語の名前がとても長いファイル.wav")],
        { columns },
      );
      expect(widest(text)).to.be.below(columns);
      expect(text).to.include("Progressing").and.to.include("34%").and.to.include("watermarks");
    }
  });
  it("drops the phase column before it shortens the source", () => {
    const key = "some/folder/a film of a holiday.mkv";
    const wide = renderJobTable([job(key)], { columns: 120 });
    const narrow = renderJobTable([job(key)], { columns: 92 });
    expect(wide).to.include(key).and.to.include("34% waiting for the next attempt");
    expect(narrow)
      .to.include(key)
      .and.to.match(/ 34% +5\.0 s$/);
    expect(widest(narrow)).to.be.below(92);
  });
  it("shortens nothing without a terminal", () => {
    const key = `${"folder/".repeat(40)}a.mp4`;
    const text = renderJobTable([job(key)], { columns: Number.POSITIVE_INFINITY });
    expect(text).to.include(key).and.to.include("34% waiting for the next attempt");
  });
  it("shows the newest jobs if there are too few lines, and counts the older ones", () => {
    const jobs = Array.from({ length: 30 }, (_, number) => job(`${number}.mp4`));
    const lines = renderJobTable(jobs, { columns: 100, rows: 10 }).split("\n");
    expect(lines).to.have.length(9);
    expect(lines[1]).to.include(" 0.mp4");
    expect(lines.at(-1)).to.equal("23 older jobs not shown");
  });
  it("escapes line breaks and control characters in keys", () => {
    const text = renderJobTable([job("a\nb\u001b[31m.mp4")], { columns: 100 });
    expect(text.split("\n")).to.have.length(2);
    expect(text).to.not.include("\u001b");
  });
});

describe("the demo's table", () => {
  const output = {
    key: "output/a very long path/of something/rendition.mp4",
    bytes: 12_345_678,
    durationSeconds: 30_000,
    width: 1280,
    height: 720,
    videoCodec: "h264",
    audioCodec: "aac",
  };
  it("fits terminals of 80 and more columns and shows every column", () => {
    const results = [
      {
        job: job("unprocessed-videos/日本語の名前がとても長い.mp4", {
          status: "Complete",
          outputs: [output],
        }),
        paths: {},
        file: "x",
      },
      { job: job("b.mp4", { status: "Error" }), paths: {}, file: "y" },
    ];
    for (const columns of [80, 100, 120, 140, 200]) {
      const text = renderSummary(results, columns).split("\nb.mp4: ")[0] ?? "";
      expect(widest(text), String(columns)).to.be.below(columns);
      for (const column of [
        "watermarks",
        "elastic-transcoder",
        "Complete",
        "rendition.mp4",
        "1280×720",
        "h264, aac",
        "5.0 s",
      ])
        expect(text).to.include(column);
    }
  });
});
