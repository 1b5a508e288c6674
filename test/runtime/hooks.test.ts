import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore, type LocalObjectStore } from "../../adapters/local/object-store.ts";
import { HookError, type Hooks } from "../../pipeline/configuration/hooks-schema.ts";
import { claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import { closeJob } from "../../pipeline/jobs/close-job.ts";
import { type LocalHooks, openHooks } from "../../runtime/hooks.ts";
import { createTopicNotifier } from "../../runtime/topics.ts";
import { buildUploadEvent, type JobFixture, openJobFixture } from "../pipeline/jobs/job-fixture.ts";

/** The calls of the hooks, which run in this process. */
declare global {
  var hookCalls: { readonly hook: string; readonly value: Record<string, unknown> }[];
}

/** Records its calls, and rejects the first one for an output whose key contains "retry". */
const module = `
export const onOutput = async (value: { key: string }): Promise<void> => {
  globalThis.hookCalls.push({ hook: "onOutput", value });
  const { length } = globalThis.hookCalls.filter(({ hook }) => hook === "onOutput");
  if (value.key.includes("retry") && length === 1) throw new Error("the catalog is down");
};
export const onJobFinished = async (value: unknown): Promise<void> => {
  globalThis.hookCalls.push({ hook: "onJobFinished", value });
  throw new Error("always");
};
`;

describe("the hooks on one machine", () => {
  let folder: string;
  let fixture: JobFixture;
  let objects: LocalObjectStore;
  let hooks: LocalHooks | undefined;
  let notices: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-hooks-"));
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(join(folder, "hooks.ts"), module);
    fixture = await openJobFixture();
    objects = createLocalObjectStore({ directory: join(folder, "objects") });
    hooks = undefined;
    globalThis.hookCalls = [];
    notices = [];
  });
  afterEach(async () => {
    await hooks?.close();
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  const path = (name: string) => `./${relative("", join(folder, name))}`;
  const open = async (paths: Hooks): Promise<LocalHooks> => {
    const { jobs, log } = fixture.ports;
    hooks = await openHooks(paths, {
      outputBucket: "output",
      objects,
      jobs,
      log,
      notify: (line) => notices.push(line),
    });
    return hooks;
  };
  /** Processes an upload as the runtime does: claims it, writes its output, and closes and announces its job. */
  const finishJob = async ({ send }: LocalHooks, source: string, output: string) => {
    const claim = await claimUpload(fixture.ports, buildUploadEvent(source), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    const { id } = claim.job;
    await objects.write(
      { bucket: "output", key: output },
      { text: "an image" },
      { contentType: "image/png", metadata: { "reelway-job": id } },
    );
    const topic = "jobs";
    const subscriptions = { publish: async () => undefined };
    const notifier = createTopicNotifier(join(folder, "notifications.jsonl"), subscriptions, {
      [topic]: send,
    });
    const job = await closeJob({ ...fixture.ports, notifier, topic }, id, 1, {
      status: "Complete",
      outputs: [{ key: output, bytes: 8 }],
      detail: "closed by a test",
    });
    expect(await fixture.ports.jobs.read(id)).to.have.property("notifiedAt");
    return job;
  };
  const listCalls = (hook: string) => globalThis.hookCalls.filter((call) => call.hook === hook);

  it("are called with the thumbnail and the finished job, and cannot disturb the job", async () => {
    const opened = await open({ onOutput: path("hooks.ts"), onJobFinished: path("hooks.ts") });
    const job = await finishJob(opened, "thumbnails/a.mp4", "thumb/a.png");
    const head = await objects.head({ bucket: "output", key: "thumb/a.png" });
    await opened.close();

    expect(job?.status).to.equal("Complete");
    expect(listCalls("onOutput").map(({ value }) => value)).to.deep.equal([
      {
        bucket: "output",
        key: "thumb/a.png",
        versionId: head?.versionId,
        bytes: 8,
        contentType: "image/png",
        job: {
          id: job?.id,
          route: "thumbnails",
          recipe: "thumbnail",
          source: buildUploadEvent("thumbnails/a.mp4"),
        },
      },
    ]);
    expect(listCalls("onJobFinished").map(({ value }) => value)).to.containSubset([
      { id: job?.id, attempt: 1, status: "Complete", outputs: [{ key: "thumb/a.png", bytes: 8 }] },
    ]);
    expect(fixture.logged).to.include("Message failed; returned to the queue");
    // Once, although the call is repeated.
    expect(notices).to.deep.equal(["Warning: The hook onJobFinished failed: always. The log has each call."]);
  });

  it("are called again after a rejection", async function () {
    this.timeout(10_000);
    const opened = await open({ onOutput: path("hooks.ts") });
    const calledTwice = new Promise<void>((resolve) => {
      globalThis.hookCalls.push = (...calls) => {
        const length = Array.prototype.push.apply(globalThis.hookCalls, calls);
        if (length === 2) resolve();
        return length;
      };
    });
    await finishJob(opened, "thumbnails/retry.mp4", "thumb/retry.png");
    await calledTwice;

    expect(globalThis.hookCalls.map(({ value }) => value.key)).to.deep.equal([
      "thumb/retry.png",
      "thumb/retry.png",
    ]);
  });

  it("are not called for outputs that are no thumbnails", async () => {
    const opened = await open({ onOutput: path("hooks.ts") });
    await finishJob(opened, "audio/a.wav", "audio/a.m4a");
    await opened.close();

    expect(globalThis.hookCalls).to.deep.equal([]);
  });

  it("that cannot be used end the start with the file and the field", async () => {
    await writeFile(join(folder, "number.ts"), "export const onOutput: number = 1;\n");
    await writeFile(join(folder, "broken.ts"), "\nexport const onOutput = ;\n");
    for (const [name, reason] of [
      ["missing.ts", "the file does not exist"],
      ["number.ts", "it exports no function onOutput"],
      ["broken.ts", "broken.ts:2:24: ERROR: "],
    ] as const) {
      const failure = await open({ onOutput: path(name) }).catch((cause: unknown) => cause);

      expect(failure, name).to.be.instanceOf(HookError);
      expect(String(failure))
        .to.include(`${name} (hooks.onOutput in the configuration)`)
        .and.to.include(reason);
    }
  });
});
