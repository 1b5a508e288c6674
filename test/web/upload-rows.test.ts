import { expect } from "chai";
import { pickJob } from "../../web/upload/pick-job.ts";
import { formatRate, formatTimeLeft, type TransferRate, updateRate } from "../../web/upload/transfer-rate.ts";
import {
  createRowIds,
  limitTransfers,
  reuseRow,
  sortRows,
  summarize,
  type TransferRow,
  toPercent,
} from "../../web/upload/upload-rows.ts";

describe("the rate of a transfer", () => {
  const measure = (samples: readonly (readonly [atMs: number, bytes: number])[]) =>
    samples.reduce<TransferRate | undefined>(
      (rate, [atMs, bytes]) => updateRate(rate, atMs, bytes),
      undefined,
    )?.bytesPerSecond;

  it("is known after two samples", () => {
    expect(measure([[0, 0]])).to.equal(undefined);
    expect(
      measure([
        [0, 0],
        [1000, 5_000_000],
      ]),
    ).to.equal(5_000_000);
  });

  it("follows a change slowly, half of it in four seconds", () => {
    const samples = Array.from({ length: 5 }, (_, index) => [(index + 1) * 1000, 10_000_000] as const);
    expect(measure([[0, 0], ...samples])).to.be.closeTo(5_000_000, 1);
  });

  it("ignores samples that follow too soon, and starts again with a transfer that starts again", () => {
    expect(
      measure([
        [0, 0],
        [100, 9_000_000],
        [1000, 1_000_000],
      ]),
    ).to.equal(1_000_000);
    expect(
      measure([
        [0, 0],
        [1000, 1_000_000],
        [2000, 0],
      ]),
    ).to.equal(undefined);
  });

  it("is shown per second, with the time that is left", () => {
    expect(formatRate(4_234_567.8)).to.equal("4.2 MB/s");
    const cases = [
      [3, "a few seconds left"],
      [31, "about 35 s left"],
      [58, "about 1 min left"],
      [61, "about 2 min left"],
      [3600, "about 1 h left"],
      [4500, "about 1 h 15 min left"],
      [200_000, "about 2 days left"],
    ] as const;
    for (const [seconds, text] of cases) expect(formatTimeLeft(seconds * 1000, 1000)).to.equal(text);
    expect(formatTimeLeft(1000, 0)).to.equal(undefined);
  });
});

describe("the rows of uploads", () => {
  const row = (kind: TransferRow["state"]["kind"], sentBytes: number): TransferRow => ({
    kind: "transfer",
    id: "1-0",
    name: "a.mp4",
    folder: "",
    bytes: 100,
    sentBytes,
    state: kind === "failed" ? { kind, reason: "" } : kind === "exists" ? { kind, createdAt: "" } : { kind },
    bytesPerSecond: 10,
    note: undefined,
  });

  it("show what was added last first, in the order in which it was added", () => {
    const ids = [...createRowIds(1000, 11), ...createRowIds(2000, 2)];
    const sorted = sortRows(ids.map((id) => ({ id }))).map(({ id }) => id);
    expect(sorted).to.deep.equal(["2000-0", "2000-1", ...createRowIds(1000, 11)]);
  });

  it("are summed up: only files that are being sent have a rate", () => {
    const sent = { files: 2, bytes: 1000 };
    expect(summarize([row("sending", 50), row("paused", 25), row("exists", 0)], sent)).to.deep.equal({
      files: 5,
      bytes: 1300,
      sentBytes: 1075,
      bytesPerSecond: 10,
      canPause: true,
      canResume: true,
      undecided: 1,
    });
    expect(summarize([row("failed", 0)], { files: 0, bytes: 0 })).to.include({
      canPause: false,
      canResume: false,
    });
  });

  it("are limited: those that only wait are left out first, and the order stays", () => {
    const rows = (["waiting", "sending", "waiting", "failed"] as const).map((kind, index) => ({
      ...row(kind, 0),
      id: `1-${index}`,
    }));
    expect(limitTransfers(rows, 3).map(({ id }) => id)).to.deep.equal(["1-0", "1-1", "1-3"]);
    expect(limitTransfers(rows, 4)).to.equal(rows);
  });

  it("stay the same objects while nothing changes", () => {
    const before = row("sending", 10);
    expect(reuseRow(before, row("sending", 10))).to.equal(before);
    for (const after of [row("sending", 11), row("paused", 10), { ...before, note: "Removed" }])
      expect(reuseRow(before, after)).to.equal(after);
    expect(reuseRow(undefined, before)).to.equal(before);
  });

  it("say 100 percent only when everything is sent", () => {
    expect([toPercent(999, 1000), toPercent(1000, 1000), toPercent(0, 0)]).to.deep.equal([99, 100, 0]);
  });
});

describe("the job of an upload", () => {
  const jobs = [30, 20, 10].map((seconds) => ({
    id: `job-${seconds}`,
    createdAt: new Date(seconds * 1000).toISOString(),
  }));

  it("is the first one since the upload started that no other upload has", () => {
    expect(pickJob(jobs, 10_000, [])?.id).to.equal("job-10");
    expect(pickJob(jobs, 10_001, [])?.id).to.equal("job-20");
    expect(pickJob(jobs, 10_001, ["job-20"])?.id).to.equal("job-30");
    expect(pickJob(jobs, 30_001, [])).to.equal(undefined);
  });
});
