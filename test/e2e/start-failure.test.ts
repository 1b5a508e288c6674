import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openDatabase } from "../../adapters/local/database.ts";
import { isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { reelway, startReelway } from "./program.ts";

describe("a failed start", function () {
  this.timeout(120_000);
  let data: string;
  const start = () => reelway(["start", "--data", data, "--port", "0"]);

  beforeEach(async () => {
    data = join(await mkdtemp(join(tmpdir(), "reelway-broken-")), "data");
    await mkdir(data);
  });
  afterEach(() => rm(join(data, ".."), { recursive: true, force: true }));

  it("names a damaged database and the command that repairs it", async () => {
    const database = join(data, "database");
    await (await openDatabase({ directory: database })).close();
    const manifest = (await readdir(database)).find((name) => name.startsWith("MANIFEST-")) ?? "";
    await writeFile(join(database, manifest), Buffer.alloc(100, 0xff));

    const failed = await start();
    expect({ code: failed.code, stdout: failed.stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(failed.stderr).to.match(
      new RegExp(
        `^reelway: The database ${database} is damaged: .*\\. Uploads and outputs are separate files and are not affected\\. Run: npx reelway repair --data ${data}\\n$`,
      ),
    );

    const repaired = await reelway(["repair", "--data", data]);
    expect({ code: repaired.code, stderr: repaired.stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(repaired.stdout).to.include(`The database ${database} was damaged: `);
    const runtime = await startReelway(data);
    runtime.child.kill("SIGTERM");
    expect(await runtime.exited).to.equal(0);
    const undamaged = await reelway(["repair", "--data", data]);
    expect(undamaged.stdout).to.equal(
      `The database ${database} is not damaged: every record can be read. No action needed.\n`,
    );
  });

  it("exits by itself and releases every resource", async () => {
    await writeFile(join(data, "transcoder-keys.json"), '{"accessKeyId":"x"}');
    const failed = await start();
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.include(join(data, "transcoder-keys.json"));
    expect(await isDatabaseLocked(join(data, "database"))).to.equal(false);
    expect(await readdir(data)).to.not.include("runtime.json");
  });
});
