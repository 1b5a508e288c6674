import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { readOpenApi } from "../runtime/server/api-client.ts";
import { openJobServer } from "../runtime/server/job-server.ts";
import { createMemoryRateLimiter } from "../runtime/server/rate-limiter.ts";
import { sendRequest } from "../runtime/server/raw-request.ts";
import { type ApiHome, createExamples, describeApi } from "./api.ts";

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
      return createExamples({
        operationId,
        number: count,
        send,
        user,
        jobs: server.fixture.ports.jobs,
        async addJob(key) {
          const { versionId = "" } = await server.objects.write(
            { bucket: "input", key },
            { text: "a film" },
            { contentType: "video/mp4" },
          );
          return (await server.addJob(key, { versionId })).id;
        },
      });
    },
    failures: server.failures,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
