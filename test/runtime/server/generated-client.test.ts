import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import openapiTypescript, { astToString } from "openapi-typescript";
import { type JobServer, openJobServer } from "./job-server.ts";

const execute = promisify(execFile);
const repository = join(import.meta.dirname, "../../..");

/** A program of a user: its types come from the OpenAPI document alone. */
const program = `import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: String(process.argv[2]) });
const ids: string[] = [];
for (let cursor: string | null | undefined; cursor !== null; ) {
  const { data, error } = await client.GET("/jobs", {
    params: { query: { status: "Submitted", limit: 2, ...(cursor === undefined ? {} : { cursor }) } },
  });
  if (error !== undefined) throw new Error(error.detail);
  ids.push(...data.jobs.map(({ id }) => id));
  cursor = data.cursor;
}
const { error, response } = await client.GET("/jobs/{id}", { params: { path: { id: "none" } } });
console.log(JSON.stringify({ ids, missing: [response.status, error?.type] }));
`;

describe("a client generated from the OpenAPI document", () => {
  let server: JobServer;
  let folder: string;
  before(async () => {
    server = await openJobServer();
    folder = await mkdtemp(join(tmpdir(), "reelway-client-"));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("compiles and lists the jobs", async function () {
    this.timeout(120_000);
    const added: string[] = [];
    for (let number = 0; number < 5; number += 1)
      added.unshift((await server.addJob(`thumbnails/client-${number}.mp4`)).id);
    const url = `http://127.0.0.1:${server.port}`;
    const schema = astToString(await openapiTypescript(new URL(`${url}/openapi.json`)));
    await writeFile(join(folder, "schema.d.ts"), schema);
    await writeFile(join(folder, "list.ts"), program);
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
    const flags = [
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
      "--types",
      "node",
    ];
    await execute(join(repository, "node_modules/.bin/tsc"), [...flags, "list.ts"], { cwd: folder }).catch(
      ({ stdout }: { readonly stdout: string }) => expect.fail(stdout),
    );
    const { stdout } = await execute(process.execPath, ["list.js", url], { cwd: folder });
    expect(JSON.parse(stdout)).to.deep.equal({ ids: added, missing: [404, "/problems/job-not-found"] });
  });
});
