import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import defaults from "../../reelway.config.ts";
import { type HttpSubscriber, startHttpSubscriber } from "../adapters/local/http-subscriber.ts";
import { pollUntil, type RunningRuntime, reelway, startConfigured } from "./program.ts";

const listSchema = z.object({
  stage: z.literal("local"),
  webhooks: z.tuple([
    z.looseObject({
      name: z.string(),
      delivered: z.number(),
      pending: z.number(),
      deadLetter: z.number(),
      lastFailure: z.optional(z.looseObject({ status: z.number() })),
    }),
  ]),
});

describe("webhooks of a running runtime", function () {
  this.timeout(120_000);
  let folder: string;
  let receiver: HttpSubscriber;
  let runtime: RunningRuntime;
  const start = () =>
    startConfigured({ REELWAY_CONFIG: join(folder, "reelway.config.ts") }, [
      "--data",
      join(folder, ".reelway"),
      "--port",
      "0",
    ]);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-webhooks-"));
    receiver = await startHttpSubscriber();
    const webhook = {
      name: "catalog",
      url: receiver.url,
      secret: "reelway/catalog",
      events: ["job.error"],
      stages: ["local"],
    };
    const configuration = JSON.stringify({ ...defaults, webhooks: [webhook] });
    await writeFile(join(folder, "reelway.config.ts"), `export default ${configuration};\n`);
    runtime = await start();
  });
  after(async () => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  const list = async () => {
    const { code, stdout, stderr } = await reelway(["webhooks", "list", "--json"], folder);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    return listSchema.parse(JSON.parse(stdout)).webhooks[0];
  };

  it("survive a kill -9 between two attempts: the event arrives with the same id, and verifies", async () => {
    receiver.setStatus({ status: 503 });
    // No route matches it, so its job ends as Error without a worker.
    await writeFile(join(folder, ".reelway/input/notes.txt"), "no video");
    const first = await receiver.take();
    await pollUntil(async () => ((await list()).lastFailure === undefined ? undefined : true));
    runtime.child.kill("SIGKILL");
    await runtime.exited;
    expect(await list()).to.deep.include({ name: "catalog", delivered: 0, pending: 1, deadLetter: 0 });

    receiver.setStatus({ status: 200 });
    runtime = await start();
    const second = await receiver.take();
    const secret = await readFile(join(folder, ".reelway/webhook-secrets/catalog"), "utf8");
    const content = new Webhook(secret.trim()).verify(second.body, second.headers as Record<string, string>);

    expect(second.headers["webhook-id"]).to.equal(first.headers["webhook-id"]);
    expect(second.body).to.equal(first.body);
    expect(content).to.have.property("type", "job.error");
    expect(content).to.have.nested.property("data.source.key", "notes.txt");
    const { delivered, pending } = await pollUntil(async () => {
      const listed = await list();
      return listed.pending === 0 ? listed : undefined;
    });
    expect({ delivered, pending }).to.deep.equal({ delivered: 1, pending: 0 });
  });

  it("are listed, and delivered again by the command while the runtime runs", async () => {
    receiver.setStatus({ status: 410 });
    await writeFile(join(folder, ".reelway/input/more.txt"), "no video");
    const first = await receiver.take();
    const id = String(first.headers["webhook-id"]);
    await pollUntil(async () => ((await list()).deadLetter === 1 ? true : undefined));
    const listed = await reelway(["webhooks", "list"], folder);
    const missing = await reelway(["webhooks", "redeliver", "catalog", "--id", "zzzz"], folder);
    receiver.setStatus({ status: 200 });
    const redelivered = await reelway(["webhooks", "redeliver", "catalog", "--id", id], folder);

    expect(listed.stdout.split("\n")[0]).to.equal(`catalog  ${receiver.url}  job.error`);
    expect(listed.stdout)
      .to.include("  delivered 1, pending 0, dead-letter 1\n")
      .and.include("The endpoint returned status 410.\n");
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.include(
      "The dead-letter queue of webhook catalog has no delivery with the id zzzz",
    );
    expect(redelivered).to.deep.equal({ code: 0, stdout: `${id}\n`, stderr: "" });
    expect((await receiver.take()).headers["webhook-id"]).to.equal(id);
    await pollUntil(async () => ((await list()).delivered === 2 ? true : undefined));
    expect(await reelway(["webhooks", "redeliver", "catalog", "--all-failed"], folder)).to.deep.equal({
      code: 0,
      stdout: "",
      stderr: "The dead-letter queue of webhook catalog is empty. No action needed.\n",
    });
  });
});
