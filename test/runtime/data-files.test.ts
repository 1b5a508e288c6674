import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findBrokenVersions } from "../../adapters/local/broken-versions.ts";
import { openHttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { createProcessTaskRunner } from "../../adapters/local/process-task-runner.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { checkDataFiles, type DataFileProblem, prepareDataFiles } from "../../runtime/data-files.ts";
import { type DataFolder, makeDataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import { assertNotRunning, findRunningAddress, writeRuntimeRecord } from "../../runtime/runtime-record.ts";

const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };

describe("broken files of the data folder", () => {
  let folder: DataFolder;
  beforeEach(async () => {
    folder = resolveDataFolder(await mkdtemp(join(tmpdir(), "reelway-files-")));
    await makeDataFolder(folder);
  });
  afterEach(() => rm(folder.root, { recursive: true, force: true }));
  const reasons = async () =>
    (await checkDataFiles(folder)).map(({ path, severity, reason }) => [
      path.slice(folder.root.length + 1),
      severity,
      reason,
    ]);
  const task = `task-${"0".repeat(32)}`;
  const runner = (onStateChange: (event: unknown) => void) =>
    createProcessTaskRunner({
      directory: folder.tasks,
      program: ["/nonexistent"],
      maxConcurrentTasks: 1,
      definition: {
        OBJECT_STORE: "file:/nowhere",
        JOBS_TABLE: "jobs",
        TRANSCODER_TABLE: "transcoder",
        SCRATCH_DIRECTORY: folder.scratch,
        CONFIGURATION: "{}",
      },
      onStateChange,
    });

  it("are not reported for an empty or missing folder", async () => {
    expect(await reasons()).to.deep.equal([]);
    expect(await checkDataFiles(resolveDataFolder(join(folder.root, "nowhere")))).to.deep.equal([]);
  });

  it("are each named with their path", async () => {
    const mailbox = join(folder.subscriptions, "one");
    await mkdir(mailbox, { recursive: true });
    await writeFile(folder.transcoderKeys, "");
    await writeFile(folder.importIndex, "{");
    await writeFile(join(folder.tasks, `${task}.json`), '{"task":1}');
    await writeFile(join(mailbox, "subscription.json"), "[]");
    await writeFile(join(mailbox, "1700000000000-000001.json"), "");
    await mkdir(join(folder.webhooks, "catalog", "pending"), { recursive: true });
    await writeFile(join(folder.webhooks, "catalog", "pending", `msg_${"0".repeat(32)}.json`), '{"id":');
    expect(await reasons()).to.deep.equal([
      ["transcoder-keys.json", "warning", "is empty"],
      ["import-index.json", "warning", "is not valid JSON"],
      [
        `tasks/${task}.json`,
        "warning",
        "has invalid values in: taskId, status, environment, createdAt, isReported",
      ],
      ["subscriptions/one/subscription.json", "warning", "does not match the schema"],
      ["subscriptions/one/1700000000000-000001.json", "warning", "is empty"],
      [`webhooks/catalog/pending/msg_${"0".repeat(32)}.json`, "warning", "is not valid JSON"],
    ]);
    const problems: DataFileProblem[] = [];
    await prepareDataFiles(folder, (problem) => problems.push(problem));
    expect(problems).to.have.length(6);
  });

  it("prevent a start if they contain keys, without revealing them", async () => {
    await writeFile(folder.transcoderKeys, '{"accessKeyId":"SECRETID"');
    const failure = await prepareDataFiles(folder, silent).catch((cause: unknown) => cause);
    expect(failure).to.be.instanceOf(CommandError);
    expect(String(failure)).to.include(folder.transcoderKeys).and.to.include("remove it");
    expect(String(failure)).not.to.include("SECRETID");
    expect(await readFile(folder.transcoderKeys, "utf8")).to.include("SECRETID");
  });

  it("prevent a start if they contain users, without revealing them", async () => {
    await mkdir(folder.accounts);
    await writeFile(join(folder.accounts, "1.json"), '{"users":"secret"}');
    const failure = await prepareDataFiles(folder, silent).catch((cause: unknown) => cause);
    expect(failure).to.be.instanceOf(CommandError);
    expect(String(failure)).to.include(join(folder.accounts, "1.json")).and.to.not.include("secret");
  });

  it("do not block a task's job, which is found stopped before and after a recovery", async () => {
    await writeFile(join(folder.tasks, `${task}.json`), '{"task":');
    await writeFile(join(folder.tasks, `task-${"1".repeat(32)}.json`), "");
    const tasks = runner(silent);
    const expected = [{ status: "Stopped", stopCode: "RuntimeStopped" }];
    const described = async () =>
      (await tasks.describe([task])).map(({ status, stopCode }) => ({ status, stopCode }));
    expect(await described()).to.deep.equal(expected);
    await tasks.recover();
    expect(await described()).to.deep.equal(expected);
    expect(await reasons()).to.deep.equal([]);
    await tasks.close();
  });

  it("hide a version of an object, which is reported once, and keep the previous one", async () => {
    const reported: string[] = [];
    const store = createLocalObjectStore({
      directory: folder.objects,
      onBrokenRecord: (path, reason) => reported.push(`${path.slice(-7)} ${reason}`),
    });
    const object = { bucket: "input", key: "a.mp4" };
    const first = await store.write(object, { text: "one" }, { contentType: "video/mp4" });
    await store.write(object, { text: "second" }, { contentType: "video/mp4" });
    const [key = ""] = await readdir(join(folder.objects, "input"));
    const record = join(folder.objects, "input", key, "2.json");
    await truncate(record);
    for (let time = 0; time < 2; time += 1)
      expect((await store.head(object))?.versionId).to.equal(first.versionId);
    expect(reported).to.deep.equal(["/2.json is empty"]);
    await truncate(join(folder.objects, "input", key, "1.bytes"), 1);
    const versions = [];
    for await (const { path, reason } of findBrokenVersions(folder.objects))
      versions.push([path.slice(-8), reason]);
    expect(versions).to.deep.equal([
      [record.slice(-8), "is empty"],
      ["/1.bytes", "has 1 bytes instead of 3: it is the content of a.mp4"],
    ]);
    const next = await store.write(object, { text: "third" }, { contentType: "video/mp4" });
    expect(next.versionId).to.match(/^3-/);
  });

  it("keep a subscription's messages, and set a broken message aside without delaying others", async () => {
    const options = { directory: folder.subscriptions, initialBackoffMs: 1, log };
    const first = await openHttpSubscriptions(options);
    await first.add({ topic: "t", url: "http://127.0.0.1:9/" });
    await first.close();
    const [id = ""] = await readdir(folder.subscriptions);
    const mailbox = join(folder.subscriptions, id);
    const name = `${Date.now()}-000001.json`;
    await writeFile(join(mailbox, name), '{"MessageI');
    const original = await readFile(join(mailbox, "subscription.json"), "utf8");
    await writeFile(join(mailbox, "subscription.json"), "");
    await (await openHttpSubscriptions(options)).close();
    expect((await readdir(mailbox)).sort()).to.deep.equal([name, "subscription.json"]);

    await writeFile(join(mailbox, "subscription.json"), original);
    let setAside: (path: unknown) => void = silent;
    const brokenPath = new Promise<unknown>((resolve) => {
      setAside = resolve;
    });
    const error = (_message: string, details?: Readonly<Record<string, unknown>>) => setAside(details?.path);
    const second = await openHttpSubscriptions({ ...options, log: { ...log, error } });
    expect(await brokenPath).to.equal(join(mailbox, `${name}.broken`));
    await second.close();
    expect((await readdir(mailbox)).sort()).to.deep.equal([`${name}.broken`, "subscription.json"]);
  });

  it("are reported with the running runtime that uses the folder", async () => {
    await writeFile(folder.runtimeRecord, "");
    await assertNotRunning(folder.runtimeRecord, folder.root);
    const record = await writeRuntimeRecord(folder.runtimeRecord);
    await record.publish({ port: 4600, token: "secret" });
    expect(await findRunningAddress(folder.runtimeRecord)).to.deep.equal({ port: 4600, token: "secret" });
    expect((await stat(folder.runtimeRecord)).mode & 0o777).to.equal(0o600);
    const refused = await assertNotRunning(folder.runtimeRecord, folder.root).catch(
      (cause: unknown) => cause,
    );
    expect(String(refused)).to.include(`in use by a running runtime (process ${process.pid}, port 4600)`);
    await record.remove();
    expect(await findRunningAddress(folder.runtimeRecord)).to.equal(undefined);
    expect((await readdir(folder.root)).filter((name) => name.includes("runtime.json"))).to.deep.equal([]);
  });
});
