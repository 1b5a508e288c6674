import { expect } from "chai";
import { parseMessage } from "../../../terraform/runner/messages.ts";
import { renderCounts, renderProgress } from "../../../terraform/runner/render-progress.ts";

/** Lines as Terraform 1.11.4 prints them. */
const toLine = (document: unknown): string => JSON.stringify(document);
const resource = { addr: "aws_s3_bucket.films", module: "", resource_type: "aws_s3_bucket" };

describe("lines of Terraform's JSON output", () => {
  it("report the progress of a resource", () => {
    const started = toLine({ type: "apply_start", hook: { resource, action: "create" } });
    const progressLine = toLine({
      type: "apply_progress",
      hook: { resource, action: "create", elapsed_seconds: 30 },
    });
    const done = toLine({
      type: "apply_complete",
      hook: { resource, action: "create", elapsed_seconds: 31 },
    });
    const refreshed = toLine({ type: "refresh_complete", hook: { resource } });

    const read = [started, progressLine, done, refreshed].map(parseMessage);

    const progress = (step: string, elapsedSeconds: number, action = "create") => ({
      kind: "progress",
      progress: { address: "aws_s3_bucket.films", action, step, elapsedSeconds },
    });
    expect(read).to.deep.equal([
      progress("started", 0),
      progress("in progress", 30),
      progress("done", 31),
      progress("done", 0, "refresh"),
    ]);
  });

  it("report the counts of a plan", () => {
    const text = toLine({
      type: "change_summary",
      changes: { add: 18, change: 1, import: 2, remove: 3, operation: "plan" },
    });

    expect(parseMessage(text)).to.deep.equal({
      kind: "counts",
      counts: { add: 18, change: 1, remove: 3, import: 2 },
    });
  });

  it("report diagnostics", () => {
    const text = toLine({
      "@level": "error",
      type: "diagnostic",
      diagnostic: { severity: "error", summary: "Unable to find remote state", detail: "No stored state" },
    });

    expect(parseMessage(text)).to.have.nested.property("diagnostic.summary", "Unable to find remote state");
  });

  for (const skippedLine of [
    "",
    "Initializing the backend...",
    toLine({ type: "version", terraform: "1.11.4" }),
  ])
    it(`are ignored if irrelevant: ${skippedLine.slice(0, 20)}`, () => {
      expect(parseMessage(skippedLine)).to.equal(undefined);
    });
});

describe("progress lines", () => {
  const progress = { address: "a.b", action: "create", step: "done", elapsedSeconds: 3 } as const;

  it("report completed actions, and running ones periodically", () => {
    expect(renderProgress(progress)).to.equal("  a.b: created in 3 s");
    expect(renderProgress({ ...progress, step: "in progress", elapsedSeconds: 30 })).to.match(/in progress/);
    expect(renderProgress({ ...progress, step: "failed" })).to.match(/failed/);
  });

  it("omit starts, refreshes and recent repetitions", () => {
    expect(renderProgress({ ...progress, step: "started" })).to.equal(undefined);
    expect(renderProgress({ ...progress, action: "refresh" })).to.equal(undefined);
    expect(renderProgress({ ...progress, step: "in progress", elapsedSeconds: 20 })).to.equal(undefined);
  });

  it("count imports only if there are any", () => {
    expect(renderCounts({ add: 1, change: 2, remove: 3, import: 0 })).to.equal(
      "1 to add, 2 to change, 3 to destroy",
    );
    expect(renderCounts({ add: 0, change: 0, remove: 0, import: 4 })).to.match(/^4 to import, /);
  });
});
