import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createElementalDeltaClipper } from "../../adapters/aws/elemental-delta-clipper.ts";
import { createWorkerClipper } from "../../adapters/aws/worker-clipper.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { openJobFixture } from "../pipeline/jobs/job-fixture.ts";
import { type ClipperFixture, describeClipperContract } from "./clipper.ts";
import { deltaContentId, deltaKey, deltaUser, startDeltaServer } from "./delta-server.ts";

const openDelta = async (): Promise<ClipperFixture> => {
  const now = new Date("2026-11-21T03:00:00.000Z");
  const server = await startDeltaServer(now);
  return {
    clipper: createElementalDeltaClipper({
      settings: { endpoint: server.endpoint, user: deltaUser, contentId: deltaContentId },
      labelPrefix: "reelway-prod",
      readKey: async () => deltaKey,
      isAllowedAddress: () => true,
      clock: { now: () => now },
    }),
    countClips: async () => server.puts.length,
    fail(kind) {
      server.state.putStatus = kind && { transient: 503, denied: 403, refused: 422 }[kind];
    },
    hang() {
      const received = new Promise<void>((resolve) => {
        server.state.onSilent = resolve;
      });
      return {
        received,
        resume() {
          server.state.onSilent = undefined;
        },
      };
    },
    close: server.close,
  };
};

const openWorker = async (): Promise<ClipperFixture> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-clipper-"));
  const { ports, close } = await openJobFixture();
  const objects = createLocalObjectStore({ directory: folder });
  const limits = { ...ports.configuration.limits };
  let failure: StoreFailure | undefined;
  let beforeWrite: (() => Promise<void>) | undefined;
  return {
    clipper: createWorkerClipper({
      ports: {
        ...ports,
        configuration: { ...ports.configuration, limits },
        objects: {
          head: objects.head,
          async write(...all) {
            if (failure !== undefined) throw failure;
            await beforeWrite?.();
            return objects.write(...all);
          },
        },
      },
      archiveBucket: "output",
      sourcePrefix: "archive/_clips/",
      outputPrefix: "highlights/",
    }),
    async countClips() {
      const { jobs } = await ports.jobs.list("Submitted");
      return jobs.length;
    },
    fail(kind) {
      limits.maxSourceBytes = kind === "refused" ? 1 : ports.configuration.limits.maxSourceBytes;
      failure =
        kind === undefined || kind === "refused" ? undefined : new StoreFailure(kind, "Writing failed.");
    },
    hang() {
      let resume: () => void = () => undefined;
      const resumed = new Promise<void>((resolve) => {
        resume = resolve;
      });
      const received = new Promise<void>((resolve) => {
        beforeWrite = () => {
          resolve();
          return resumed;
        };
      });
      return {
        received,
        resume() {
          beforeWrite = undefined;
          resume();
        },
      };
    },
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

describe("clippers", () => {
  describeClipperContract("the worker", openWorker);
  describeClipperContract("AWS Elemental Delta", openDelta);
});
