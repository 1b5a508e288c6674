import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { readOpenApi } from "../runtime/server/api-client.ts";
import { openJobServer } from "../runtime/server/job-server.ts";
import { createMemoryRateLimiter } from "../runtime/server/rate-limiter.ts";
import { sendRequest } from "../runtime/server/raw-request.ts";
import {
  type ApiHome,
  confirmDeletion,
  createResponseExamples,
  createShare,
  createUpload,
  describeApi,
  playbackOperations,
} from "./api.ts";

const commandToken = "token-of-an-operator";
const user = { name: "ann", password: "correct horse battery" };

describeApi("on one machine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-api-"));
  const clock = { now: () => new Date() };
  const accounts = createFileAccountStore(join(folder, "accounts"));
  await accounts.update((stored) => setUser(stored, user, clock.now()));
  const server = await openJobServer(
    {},
    { accounts, clock, rateLimiter: createMemoryRateLimiter(clock), commandToken },
  );
  const { port } = server;
  const authorization = `Bearer ${commandToken}`;
  const send: ApiHome["send"] = (path, options) =>
    sendRequest(port, path, {
      ...options,
      // As a page of the server sends them: no other may sign in.
      headers: { ...options.headers, authorization, "sec-fetch-site": "same-origin" },
    });
  let count = 0;

  return {
    document: await readOpenApi(port),
    send,
    async createExamples(operationId) {
      count += 1;
      if (operationId === "requestResponseUpload") return createResponseExamples(count);
      if (playbackOperations.has(operationId)) {
        const video = await server.addJob(`unprocessed-videos/example-${count}.mp4`);
        await server.fixture.ports.jobs.closeJob(video.id, 1, {
          status: "Complete",
          outputs: [{ key: `watermarked/example-${count}.mp4.mp4`, bytes: 1 }],
          detail: "done",
        });
        return createShare(send, video.id);
      }
      const key = `${/Video/.test(operationId) ? "" : "thumbnails/"}example-${count}.mp4`;
      const { id } = await server.addJob(key);
      if (operationId !== "cancelJob")
        await server.fixture.ports.jobs.closeJob(id, 1, {
          status: "Error",
          error: { code: 4000, name: "Unknown", message: "A fault.", retryable: true },
          detail: "a fault",
        });
      return {
        id,
        ...user,
        ...(await createUpload(send, key)),
        ...(operationId === "deleteVideo" ? { confirmation: await confirmDeletion(send, id) } : {}),
      };
    },
    failures: server.failures,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
