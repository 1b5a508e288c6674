import { expect } from "chai";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { createEngineHealth } from "../../runtime/engine-health.ts";
import { getPendingReason } from "../../runtime/pending-reason.ts";

describe("the state of the engines", () => {
  let nowMs: number;
  let failure: Error | undefined;
  let lines: string[];
  const open = () => {
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
  const statuses = (health: ReturnType<typeof open>) => health.list().map(({ status }) => status);
  beforeEach(() => {
    nowMs = 1_000_000;
    failure = undefined;
    lines = [];
  });

  it("is told once when an engine begins to fail, and once when it works again", async () => {
    const health = open();
    await health.check();
    expect(lines).to.deep.equal([]);
    failure = new Error("/data/keys.json is\n empty");
    await health.check();
    await health.check();
    expect(statuses(health)).to.deep.equal(["failing", "working"]);
    failure = undefined;
    await health.check();
    await health.check();
    expect(statuses(health)).to.deep.equal(["working", "working"]);
    expect(lines).to.deep.equal([
      "The elastic-transcoder engine is failing: /data/keys.json is empty. Its jobs stay pending and start when it works again.",
      "The elastic-transcoder engine works again. Its pending jobs start within a minute.",
    ]);
  });

  it("counts a start that fails for the engine's sake until one succeeds or none fails any more", async () => {
    const health = open();
    let cause: Error | undefined = new JobFailure(1001, "no answer", { retryable: true });
    const start = health.trackStarts("elastic-transcoder", async (id: string) => {
      if (cause !== undefined) throw cause;
      return id;
    });
    const refused = () => start("a").catch((error: unknown) => error);
    expect(await refused()).to.equal(cause);
    await health.check();
    expect(statuses(health)[0]).to.equal("failing");
    nowMs += 90_000;
    await health.check();
    expect(statuses(health)[0]).to.equal("working");
    await refused();
    cause = undefined;
    expect(await start("b")).to.equal("b");
    await health.check();
    expect(statuses(health)[0]).to.equal("working");
  });

  it("works again with its check, though a start failed meanwhile, and never fails for one bad job", async () => {
    const health = open();
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
    expect(statuses(health)).to.deep.equal(["working", "working"]);
  });

  it("changes no more once closed", async () => {
    const health = open();
    failure = new Error("stopping");
    health.close();
    await health.check();
    expect(lines).to.deep.equal([]);
  });

  it("is the reason of Submitted jobs of a failing engine alone", () => {
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
