import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import * as z from "zod";
import { createDynamoResponseStore } from "../../adapters/aws/response-store.ts";
import { localTableNames } from "../../adapters/local/database.ts";
import { createSocketDatabaseClient } from "../../adapters/local/database-client.ts";
import type { ResponseStore } from "../../pipeline/responses/response-store.ts";
import { buildForm } from "../runtime/server/upload-form.ts";
import { makeClip, pollUntil, type RunningRuntime, startReelway } from "./program.ts";

const uploadSchema = z.object({
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  key: z.string(),
  expiresAt: z.string(),
  maxBytes: z.number(),
});
const jobSchema = z.object({
  status: z.string(),
  source: z.object({ key: z.string() }),
  outputs: z.array(z.object({ key: z.string() })),
});
const response = { project: "course", step: "1", mail: "ann@example.org" };

describe("a response on one machine", function () {
  this.timeout(180_000);
  let root: string;
  let runtime: RunningRuntime;
  let client: DynamoDBClient;
  let responses: ResponseStore;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-"));
    const data = join(root, "data");
    runtime = await startReelway(data);
    // See `createSocketFolder`.
    const folder = createHash("sha256")
      .update(await realpath(join(data, "database")))
      .digest("hex")
      .slice(0, 16);
    client = createSocketDatabaseClient(join(tmpdir(), `reelway-${folder}`, "database.sock"));
    responses = createDynamoResponseStore(client, localTableNames.responses);
  });
  after(async () => {
    client.destroy();
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await rm(root, { recursive: true, force: true });
  });

  const request = (query: string) =>
    fetch(`http://127.0.0.1:${runtime.port}/presignedurl/course/1?mail=Ann%40example.org&type=mp4${query}`);
  const upload = async (query: string, file: string): Promise<string> => {
    const answer = await request(query);
    expect(answer.status).to.equal(200);
    const { url, fields, key } = uploadSchema.parse(await answer.json());
    const posted = await fetch(url, { method: "POST", body: buildForm(fields, await openAsBlob(file)) });
    expect(posted.status, await posted.text()).to.equal(204);
    return key;
  };
  /** The row, once it has followed a job to its end. */
  const readEnd = (previousJobId?: string) =>
    pollUntil(async () => {
      const row = await responses.read(response);
      const isEnd = row !== undefined && ["Complete", "Error", "Canceled"].includes(row.status);
      return isEnd && row.jobId !== previousJobId ? row : undefined;
    });

  it("is requested, uploaded as a form, processed and replaced, and its row follows", async () => {
    const [first, second] = [join(root, "first.mp4"), join(root, "second.mp4")];
    await Promise.all([makeClip(first, 1), makeClip(second, 2)]);
    expect((await request("")).status).to.equal(200);
    expect(await responses.read(response)).to.include({ status: "Requested", revision: 1 });

    const key = await upload("", first);
    const row = await readEnd();
    expect(key).to.match(/^responses\/course\/1\/[0-9a-f]{64}\.mp4$/);
    expect(row).to.include({ status: "Complete", video: key }).and.not.have.property("expiresAt");
    const job = jobSchema.parse(
      await (await fetch(`http://127.0.0.1:${runtime.port}/jobs/${row.jobId}`)).json(),
    );
    expect(job).to.deep.include({ status: "Complete", source: { key } });
    expect(job.outputs.map((output) => output.key)).to.deep.equal([`output/web/${key}`]);

    const refused = await request("");
    expect(refused.status).to.equal(409);
    expect(await refused.json()).to.include({ type: "/problems/response-exists" });

    expect((await request("&replace=true")).status).to.equal(200);
    expect(await responses.read(response)).to.deep.equal(row);
    expect(await upload("&replace=true", second)).to.equal(key);
    const replaced = await readEnd(row.jobId);
    expect(replaced).to.include({ status: "Complete", video: key, createdAt: row.createdAt });
  });
});
