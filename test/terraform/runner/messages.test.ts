import { expect } from "chai";
import { parseMessage } from "../../../terraform/runner/messages.ts";
import { renderCounts, renderProgress } from "../../../terraform/runner/render-progress.ts";

/** Lines as Terraform 1.11.4 prints them. */
const line = (document: unknown): string => JSON.stringify(document);
const resource = { addr: "aws_s3_bucket.films", module: "", resource_type: "aws_s3_bucket" };

describe("lines of Terraform's JSON output", () => {
  it("tell how far a resource is", () => {
    const started = line({ type: "apply_start", hook: { resource, action: "create" } });
    const going = line({
      type: "apply_progress",
      hook: { resource, action: "create", elapsed_seconds: 30 },
    });
    const done = line({ type: "apply_complete", hook: { resource, action: "create", elapsed_seconds: 31 } });
    const refreshed = line({ type: "refresh_complete", hook: { resource } });

    const read = [started, going, done, refreshed].map(parseMessage);

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

  it("tell the counts of a plan", () => {
    const text = line({
      type: "change_summary",
      changes: { add: 18, change: 1, import: 2, remove: 3, operation: "plan" },
    });

    expect(parseMessage(text)).to.deep.equal({
      kind: "counts",
      counts: { add: 18, change: 1, remove: 3, import: 2 },
    });
  });

  it("tell what is wrong", () => {
    const text = line({
      "@level": "error",
      type: "diagnostic",
      diagnostic: { severity: "error", summary: "Unable to find remote state", detail: "No stored state" },
    });

    expect(parseMessage(text)).to.have.nested.property("diagnostic.summary", "Unable to find remote state");
  });

  for (const talk of ["", "Initializing the backend...", line({ type: "version", terraform: "1.11.4" })])
    it(`are passed over where they are talk: ${talk.slice(0, 20)}`, () => {
      expect(parseMessage(talk)).to.equal(undefined);
    });
});

describe("progress for a person", () => {
  const progress = { address: "a.b", action: "create", step: "done", elapsedSeconds: 3 } as const;

  it("tells what was done, and now and then what is still being done", () => {
    expect(renderProgress(progress)).to.equal("  a.b: created in 3 s");
    expect(renderProgress({ ...progress, step: "in progress", elapsedSeconds: 30 })).to.match(/in progress/);
    expect(renderProgress({ ...progress, step: "failed" })).to.match(/failed/);
  });

  it("leaves out what starts, what is only looked at, and what it said seconds ago", () => {
    expect(renderProgress({ ...progress, step: "started" })).to.equal(undefined);
    expect(renderProgress({ ...progress, action: "refresh" })).to.equal(undefined);
    expect(renderProgress({ ...progress, step: "in progress", elapsedSeconds: 20 })).to.equal(undefined);
  });

  it("counts imports only where there are any", () => {
    expect(renderCounts({ add: 1, change: 2, remove: 3, import: 0 })).to.equal(
      "1 to add, 2 to change, 3 to destroy",
    );
    expect(renderCounts({ add: 0, change: 0, remove: 0, import: 4 })).to.match(/^4 to import, /);
  });
});
