import { expect } from "chai";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { createEngineHealth } from "../../runtime/engine-health.ts";
import { getPendingReason } from "../../runtime/pending-reason.ts";

describe("engine health", () => {
  let nowMs: number;
  let failure: Error | undefined;
  let lines: string[];
  const openHealth = () => {
    const silent = () => undefined;
    return createEngineHealth({
      checks: [
        {
          name: "elastic-transcoder",
          check: async () => {
            if (failure !== undefined) throw failure;
          },
        },
        { name: "ffmpeg", check: async () => undefined },
      ],
      clock: { now: () => new Date(nowMs) },
      log: { info: silent, warn: silent, error: silent },
      onChange: (line) => lines.push(line),
    });
  };
  const listStatuses = (health: ReturnType<typeof openHealth>) => health.list().map(({ status }) => status);
  beforeEach(() => {
    nowMs = 1_000_000;
    failure = undefined;
    lines = [];
  });

  it("is reported once when an engine fails, and once when it recovers", async () => {
    const health = openHealth();
    await health.check();
    expect(lines).to.deep.equal([]);
    failure = new Error("/data/keys.json is\n empty");
    await health.check();
    await health.check();
    expect(listStatuses(health)).to.deep.equal(["failing", "working"]);
    failure = undefined;
    await health.check();
    await health.check();
    expect(listStatuses(health)).to.deep.equal(["working", "working"]);
    expect(lines).to.deep.equal([
      "The elastic-transcoder engine is failing: /data/keys.json is empty. Its jobs stay pending and start when it works again.",
      "The elastic-transcoder engine works again. Its pending jobs start within a minute.",
    ]);
  });

  it("counts failed starts of an engine until one succeeds or none fails any more", async () => {
    const health = openHealth();
    let cause: Error | undefined = new JobFailure(1001, "no answer", { retryable: true });
    const start = health.trackStarts("elastic-transcoder", async (id: string) => {
      if (cause !== undefined) throw cause;
      return id;
    });
    const refused = () => start("a").catch((error: unknown) => error);
    expect(await refused()).to.equal(cause);
    await health.check();
    expect(listStatuses(health)[0]).to.equal("failing");
    nowMs += 90_000;
    await health.check();
    expect(listStatuses(health)[0]).to.equal("working");
    await refused();
    cause = undefined;
    expect(await start("b")).to.equal("b");
    await health.check();
    expect(listStatuses(health)[0]).to.equal("working");
  });

  it("recovers with its check despite a failed start, and ignores one bad job", async () => {
    const health = openHealth();
    failure = new Error("down");
    const fails = (cause: Error) =>
      health
        .trackStarts("elastic-transcoder", () => Promise.reject(cause))()
        .catch(() => undefined);
    await fails(new Error("down"));
    await health.check();
    failure = undefined;
    await fails(new JobFailure(1000, "bad preset"));
    await health.check();
    expect(listStatuses(health)).to.deep.equal(["working", "working"]);
  });

  it("does not change after it is closed", async () => {
    const health = openHealth();
    failure = new Error("stopping");
    health.close();
    await health.check();
    expect(lines).to.deep.equal([]);
  });

  it("is the pending reason only of a failing engine's Submitted jobs", () => {
    const engines = [
      { name: "elastic-transcoder", status: "failing", message: "no keys." },
      { name: "ffmpeg", status: "working", message: null },
    ] as const;
    expect(getPendingReason({ status: "Submitted", engine: "elastic-transcoder" }, engines)).to.equal(
      "the elastic-transcoder engine is failing: no keys.",
    );
    expect(getPendingReason({ status: "Progressing", engine: "elastic-transcoder" }, engines)).to.equal(
      undefined,
    );
    expect(getPendingReason({ status: "Submitted", engine: "ffmpeg" }, engines)).to.equal(undefined);
  });
});
