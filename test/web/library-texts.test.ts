import { expect } from "chai";
import { describeDeletion, isSameDeletion, summarizeDeletion } from "../../web/deletion/deletion.ts";
import { hasFilters, readFilters, setFilter, toAddress } from "../../web/library/filters.ts";
import { formatRelativeTime } from "../../web/library/relative-time.ts";
import { findTile, fitTile, parseStoryboard } from "../../web/library/storyboard.ts";

describe("the filters of the library", () => {
  it("are the same after they were written to an address and read from it", () => {
    const filters = readFilters({
      q: " a&b=c ",
      status: "Error",
      route: "web",
      engine: "ffmpeg",
      project: "course",
      step: "intro",
      mail: "a+b@example.org",
    });
    const query = Object.fromEntries(new URL(toAddress(filters, "jobs"), "http://x").searchParams);
    expect(query.view).to.equal("jobs");
    expect(readFilters(query)).to.deep.equal(filters);
    expect(filters.q).to.equal("a&b=c");
  });

  it("ignore what the API would reject", () => {
    expect(readFilters({ status: "Lost", engine: "x", step: "alone", q: "  ", other: "1" })).to.deep.equal(
      {},
    );
    expect(readFilters({ q: "x".repeat(2000) }).q).to.have.length(1024);
  });

  it("disappear from the address when they are cleared, and a step with its project", () => {
    expect(toAddress(setFilter({ q: "a" }, "q", ""))).to.equal("/");
    expect(setFilter({ project: "p", step: "s" }, "project", "")).to.deep.equal({});
    expect(hasFilters({})).to.equal(false);
  });
});

describe("the summary of a deletion", () => {
  const plan = (id: string, key: string, scope: "upload" | "version", bytes: number) => ({
    video: { id, key, title: id },
    confirmation: {
      token: `token-${id}`,
      expiresAt: "2026-11-29T10:00:00Z",
      scope,
      sources: { count: 1, bytes },
      outputs: { count: 2, bytes: 1000 },
      jobs: 1,
    },
  });

  it("adds up what is removed", () => {
    const summary = summarizeDeletion([plan("a", "a.mp4", "upload", 1e9), plan("b", "b.mp4", "upload", 2e8)]);
    expect(describeDeletion(summary)).to.equal("2 uploads, 4 outputs, 1.2 GB");
  });

  it("counts and requests a replaced version only once if its upload goes, too", () => {
    const summary = summarizeDeletion([
      plan("old", "a.mp4", "version", 5),
      plan("new", "a.mp4", "upload", 10),
      plan("other", "b.mp4", "version", 20),
    ]);
    expect(summary.requests.map(({ video }) => video.id)).to.deep.equal(["new", "other"]);
    expect(summary.removedIds.get("new")).to.deep.equal(["old", "new"]);
    expect(describeDeletion(summary)).to.equal("2 uploads, 4 outputs, 2 KB");
  });

  it("takes a moment with 10,000 videos", () => {
    const plans = Array.from({ length: 10_000 }, (_, index) => plan(`${index}`, `${index}.mp4`, "upload", 1));
    const start = performance.now();
    expect(summarizeDeletion(plans).requests).to.have.length(10_000);
    // A comparison of each plan with each other one takes seconds.
    expect(performance.now() - start).to.be.lessThan(500);
  });

  it("is the same deletion with another token, but not with other objects", () => {
    const { confirmation } = plan("a", "a.mp4", "upload", 10);
    const isSame = (change: Partial<typeof confirmation>) =>
      isSameDeletion(confirmation, { ...confirmation, token: "other", ...change });
    expect(isSame({})).to.equal(true);
    for (const change of [
      { scope: "version" as const },
      { jobs: 2 },
      { sources: { count: 1, bytes: 11 } },
      { outputs: { count: 3, bytes: 1000 } },
    ])
      expect(isSame(change), JSON.stringify(change)).to.equal(false);
  });
});

describe("the texts of a card", () => {
  it("says how long ago a video was created", () => {
    const now = new Date("2026-11-29T12:00:00Z");
    const texts = ["11:59:50", "11:58:00", "09:00:00"].map((time) =>
      formatRelativeTime(`2026-11-29T${time}Z`, now),
    );
    expect(texts).to.deep.equal(["just now", "2 minutes ago", "3 hours ago"]);
    expect(formatRelativeTime("2026-11-28T12:00:00Z", now)).to.equal("yesterday");
    expect(formatRelativeTime("2025-11-20T12:00:00Z", now)).to.equal("last year");
  });

  it("finds the image of a position in a storyboard", () => {
    const cue = (x: number) => `00:00:00.000 --> 00:00:05.000\nsprite.jpg#xywh=${x},90,160,90`;
    const tiles = parseStoryboard(`WEBVTT\r\n\r\n${cue(0)}\r\n\r\n${cue(160)}\n\nNOTE x\n\n${cue(320)}\n`);
    expect(tiles.map(({ x }) => x)).to.deep.equal([0, 160, 320]);
    expect([0, 0.34, 1, -1, 2].map((at) => findTile(tiles, at)?.x)).to.deep.equal([0, 160, 320, 0, 320]);
    expect(findTile(parseStoryboard("not a WebVTT file"), 0.5)).to.equal(undefined);
    expect(fitTile({ width: 160, height: 90 }, { width: 320, height: 100 })).to.be.closeTo(100 / 90, 1e-9);
  });
});
