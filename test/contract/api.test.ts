import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { setUser } from "../../pipeline/access/accounts.ts";
import { createSignInLimiter } from "../../pipeline/access/sign-in-limiter.ts";
import { readOpenApi } from "../runtime/server/api-client.ts";
import { openJobServer } from "../runtime/server/job-server.ts";
import { sendRequest } from "../runtime/server/raw-request.ts";
import { type ApiHome, describeApi } from "./api.ts";

const commandToken = "token-of-an-operator";
const user = { name: "ann", password: "correct horse battery" };
const partBytes = Buffer.from("a part");

describeApi("on one machine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-api-"));
  const clock = { now: () => new Date() };
  const accounts = createFileAccountStore(join(folder, "accounts"));
  await accounts.update((stored) => setUser(stored, user, clock.now()));
  const server = await openJobServer(
    {},
    { accounts, clock, signInLimiter: createSignInLimiter(clock), commandToken },
  );
  const { port } = server;
  const authorization = `Bearer ${commandToken}`;
  const send: ApiHome["send"] = (path, options) =>
    sendRequest(port, path, { ...options, headers: { ...options.headers, authorization } });
  let count = 0;

  const createUpload = async () => {
    const { body } = await send("/s3/multipart", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ filename: `thumbnails/${count}.mp4`, type: "video/mp4" }),
    });
    const { uploadId, key } = JSON.parse(body);
    const signed = await send(`/s3/multipart/${uploadId}/1?key=${key}`, { method: "GET", headers: {} });
    const { headers } = await fetch(JSON.parse(signed.body).url, { method: "PUT", body: partBytes });
    return { uploadId, key, partNumber: 1, parts: [{ PartNumber: 1, ETag: headers.get("etag") }] };
  };

  const confirmDeletion = async (id: string): Promise<string> => {
    const { body } = await send(`/videos/${id}`, { method: "DELETE", headers: {} });
    return JSON.parse(body).confirmation.token;
  };

  const createPlayableVideo = async () => {
    const { id } = await server.addJob(`unprocessed-videos/example-${count}.mp4`);
    await server.fixture.ports.jobs.closeJob(id, 1, {
      status: "Complete",
      outputs: [{ key: `watermarked/example-${count}.mp4.mp4`, bytes: 1 }],
      detail: "done",
    });
    const shared = await send(`/videos/${id}/shares`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"expiresInSeconds":60}',
    });
    const token = new URL(JSON.parse(shared.body).url).pathname.split("/").at(-1);
    return { id, expiresInSeconds: 60, token };
  };

  return {
    document: await readOpenApi(port),
    send,
    async createExamples(operationId) {
      count += 1;
      if (["playVideo", "shareVideo", "openShare"].includes(operationId)) return createPlayableVideo();
      const isVideo = /Video/.test(operationId);
      const { id } = await server.addJob(`${isVideo ? "" : "thumbnails/"}example-${count}.mp4`);
      if (operationId !== "cancelJob")
        await server.fixture.ports.jobs.closeJob(id, 1, {
          status: "Error",
          error: { code: 4000, name: "Unknown", message: "A fault.", retryable: true },
          detail: "a fault",
        });
      return {
        id,
        ...(operationId === "deleteVideo" ? { confirmation: await confirmDeletion(id) } : {}),
        ...user,
        filename: `thumbnails/${count}.mp4`,
        type: "video/mp4",
        ...(await createUpload()),
      };
    },
    failures: server.failures,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
