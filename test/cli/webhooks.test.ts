import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createWebhookFolder } from "../../adapters/local/webhook-folder.ts";
import { buildDelivery, buildJobEvent } from "../../pipeline/webhooks/delivery.ts";
import defaults from "../../reelway.config.ts";
import { reelway } from "../e2e/program.ts";
import { buildFinishedJob } from "../pipeline/webhooks/finished-job.ts";

const catalog = {
  name: "catalog",
  url: "https://hooks.example.com/",
  secret: "reelway/catalog",
  events: ["job.complete" as const],
  stages: ["local", "dev"],
};

describe("reelway webhooks", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-webhooks-command-"));
    await configure([catalog]);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const configure = (webhooks: readonly unknown[]) =>
    writeFile(
      join(folder, "reelway.config.ts"),
      `export default ${JSON.stringify({ ...defaults, webhooks })};\n`,
    );
  const run = (...args: readonly string[]) => reelway(["webhooks", ...args], folder);
  /** Moves the delivery of a job to the dead letters. @returns its id */
  const failDelivery = async (jobId: string): Promise<string> => {
    const store = createWebhookFolder(join(folder, ".reelway/webhooks"));
    const delivery = buildDelivery(catalog, buildJobEvent(buildFinishedJob({ id: jobId })));
    if (delivery === undefined) throw new Error("no delivery");
    await store.enqueue("catalog", delivery, new Date());
    for (const stored of await store.listDue("catalog", new Date(), () => undefined))
      await store.fail("catalog", stored, { at: "2026-11-21T03:00:00.000Z", status: 410, reason: "Gone." });
    return delivery.id;
  };

  it("list a webhook before its first event, with or without JSON", async () => {
    expect(await run("list")).to.deep.equal({
      code: 0,
      stdout: "catalog  https://hooks.example.com/  job.complete\n  delivered 0, pending 0, dead-letter 0\n",
      stderr: "",
    });
    const { stdout } = await run("list", "--json");
    expect(JSON.parse(stdout)).to.deep.equal({
      stage: "local",
      webhooks: [
        {
          name: "catalog",
          url: "https://hooks.example.com/",
          events: ["job.complete"],
          delivered: 0,
          pending: 0,
          deadLetter: 0,
        },
      ],
    });
  });

  it("say how to add a webhook if the stage has none", async () => {
    await configure([]);
    const { code, stdout, stderr } = await run("list");

    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "" });
    expect(stderr).to.equal(
      'Stage local has no webhooks. To add one, set webhooks in reelway.config.ts, with stages: ["local"].\n',
    );
  });

  it("queue the selected deliveries again, by webhook-id or by the id of the job", async () => {
    const [first, second, third] = [
      await failDelivery("a".repeat(52)),
      await failDelivery("b".repeat(52)),
      await failDelivery("c".repeat(52)),
    ];
    const selected = await run("redeliver", "catalog", "--id", first, "bbbbbbbb", "zzzz");
    const listed = await run("list");
    const rest = await run("redeliver", "catalog", "--all-failed");

    expect(selected.stdout.trim().split("\n")).to.have.members([first, second]);
    expect(selected.code).to.equal(1);
    expect(selected.stderr).to.include(
      "has no delivery with the id zzzz. It was delivered, or it is still retried.",
    );
    expect(listed.stdout)
      .to.include("  delivered 0, pending 2, dead-letter 1\n")
      .and.include("  last failure  2026-11-21T03:00:00.000Z  Gone.\n");
    expect(rest).to.deep.equal({ code: 0, stdout: `${third}\n`, stderr: "" });
  });

  it("name what is missing or wrong", async () => {
    for (const [args, message] of [
      [["redeliver", "catalog"], "Select the deliveries with --id ID, or with --all-failed."],
      [["redeliver", "catalog", "--id", "abc"], "The id abc is too short. Use 4 or more characters."],
      [
        ["redeliver", "other", "--all-failed"],
        "Webhook other does not exist in stage local. Available webhooks: catalog.",
      ],
      [
        ["redeliver", "other", "--all-failed", "--stage", "prod"],
        "Webhook other does not exist in stage prod. Available webhooks: none.",
      ],
      [["list", "--stage", "test"], "Stage test does not exist. Available stages: dev, prod."],
      [["redeliver", "catalog", "--id", "abcd", "--all-failed"], "cannot be used with option"],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(code, args.join(" ")).to.equal(2);
      expect(stderr).to.include(message);
    }
  });
});
