import { readFile, stat, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { parseHashes } from "../../terraform/pull-request/marker.ts";
import { type PlanSummary, parseSummary, pickHashes } from "../../terraform/pull-request/summary.ts";
import {
  createTestStage,
  dataResource,
  output,
  parseApplied,
  remoteOutput,
  type TestStage,
} from "./pull-request/test-stage.ts";

const getStatuses = ({ stacks }: PlanSummary) =>
  Object.fromEntries(stacks.map(({ name, status }) => [name, status]));
const getWaitReasons = ({ stacks }: PlanSummary) =>
  Object.fromEntries(
    stacks.flatMap(({ name, pendingDependencies }) =>
      pendingDependencies ? [[name, pendingDependencies]] : [],
    ),
  );

/** storage ← compute ← transcoder, and routing, which reads a name of storage that never changes. */
const stacks = (changes: { readonly key?: string; readonly routes?: string } = {}) => ({
  storage: {
    resource: {
      terraform_data: {
        key: dataResource(changes.key ?? "first", { triggers_replace: changes.key ?? "first" }),
        table: dataResource("jobs"),
      },
    },
    output: { key_id: output("terraform_data.key.id"), table: output("terraform_data.table.output") },
  },
  compute: {
    reads: ["storage"],
    resource: {
      terraform_data: {
        cluster: dataResource(remoteOutput("storage", "key_id")),
        network: dataResource("10.0.0.0/16"),
      },
    },
    output: {
      cluster: output("terraform_data.cluster.output"),
      network: output("terraform_data.network.output"),
    },
  },
  transcoder: {
    reads: ["compute"],
    resource: { terraform_data: { api: dataResource(remoteOutput("compute", "cluster")) } },
  },
  routing: {
    reads: ["storage", "compute"],
    resource: {
      terraform_data: {
        router: dataResource({
          table: remoteOutput("storage", "table"),
          network: remoteOutput("compute", "network"),
          routes: changes.routes ?? "a",
        }),
      },
    },
  },
});

describe("a stage from pull request to apply", () => {
  let testStage: TestStage;
  before(async () => {
    testStage = await createTestStage();
  });
  after(() => testStage.close());

  it("plans what is possible in an empty account, and reports what the rest waits for", async () => {
    await testStage.synth(stacks());
    const summary = await testStage.plan();
    expect(getStatuses(summary)).to.deep.equal({
      storage: "planned",
      compute: "pending",
      transcoder: "pending",
      routing: "pending",
    });
    expect(getWaitReasons(summary)).to.deep.equal({
      compute: [{ stack: "storage", outputs: ["key_id"] }],
      transcoder: [{ stack: "compute", outputs: ["cluster"] }],
      routing: [
        { stack: "storage", outputs: ["table"] },
        { stack: "compute", outputs: ["network"] },
      ],
    });
    const comment = await testStage.read("plan", "comment.md");
    expect(comment).to.match(/^<!-- reelway-plan dev -->\n<!-- reelway-hashes /);
    expect(comment).to.contain("| compute | pending: planned after storage is applied (needs `key_id`) |");
    expect(comment).to.contain("terraform_data.key");
    expect(parseHashes(comment, "dev")).to.deep.equal(pickHashes(summary));
    expect(parseSummary(await testStage.read("plan", "summary.json"))).to.deep.equal(summary);
    // Terraform's own document may hold secrets.
    expect((await stat(testStage.path("plan", "storage.json"))).mode & 0o077).to.equal(0);
  });

  it("gives a plan the same hash every time", async () => {
    const [one, other] = [await testStage.plan("one"), await testStage.plan("other")];
    expect(pickHashes(other)).to.deep.equal(pickHashes(one));
  });

  it("applies what was reviewed and stops successfully at a stack with its own approval", async () => {
    const { applied, next } = parseApplied(await testStage.apply("plan/summary.json", "--next", "next"));
    expect(applied).to.deep.equal(["storage"]);
    const summary = parseSummary(JSON.stringify(next));
    expect(getStatuses(summary)).to.deep.equal({
      storage: "unchanged",
      compute: "planned",
      transcoder: "pending",
      routing: "pending",
    });
    const comment = await testStage.read("next", "comment.md");
    expect(parseHashes(comment, "dev")).to.deep.equal(pickHashes(summary));
    expect(comment).to.contain("terraform_data.cluster");
  });

  it("continues with each approval until nothing is left, by hashes only", async () => {
    const appliedStacks: string[][] = [];
    for (let round = 0; round < 4; round += 1) {
      const reviewed = parseSummary(await testStage.read("next", "summary.json"));
      await writeFile(testStage.path("reviewed.json"), JSON.stringify(pickHashes(reviewed)));
      const { applied, next } = parseApplied(await testStage.apply("reviewed.json", "--next", "next"));
      appliedStacks.push(applied);
      if (next === null) break;
    }
    expect(appliedStacks).to.deep.equal([["compute"], ["transcoder", "routing"]]);
    expect(Object.values(getStatuses(await testStage.plan()))).to.deep.equal(
      Array.from({ length: 4 }, () => "unchanged"),
    );
  });

  it("delays only stacks that read an output changed in the same plan", async () => {
    await testStage.synth(stacks({ key: "second", routes: "b" }));
    const summary = await testStage.plan();
    expect(getStatuses(summary)).to.deep.equal({
      storage: "planned",
      compute: "pending",
      transcoder: "pending",
      routing: "planned",
    });
    expect(getWaitReasons(summary)).to.deep.equal({
      compute: [{ stack: "storage", outputs: ["key_id"] }],
      transcoder: [{ stack: "compute", outputs: ["cluster"] }],
    });
  });

  it("rejects a plan that differs from the review, names the difference and changes nothing", async () => {
    await testStage.synth(stacks({ routes: "c" }));
    await testStage.plan("reviewed");
    await testStage.synth(stacks({ routes: "d" }));
    const before = await readFile(testStage.getStatePath("routing"), "utf8");
    const refused = await testStage.apply("reviewed/summary.json");
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain(
      'terraform_data.router: input.routes: reviewed "a" → "c"; now "a" → "d"',
    );
    expect(refused.stderr).to.contain("The plan of routing differs from the review, so it was not applied");
    expect(await readFile(testStage.getStatePath("routing"), "utf8")).to.equal(before);
  });

  it("continues after an interrupted apply", async () => {
    await testStage.synth({ ...stacks({ key: "third" }) });
    await testStage.plan("reviewed");
    const first = parseApplied(await testStage.apply("reviewed/summary.json", "--next", "next"));
    expect(first.applied).to.deep.equal(["storage"]);
    const again = parseApplied(await testStage.apply("reviewed/summary.json", "--next", "next"));
    expect(again.applied).to.deep.equal([]);
    expect(again.unchanged).to.deep.equal(["storage"]);
    const { applied } = parseApplied(await testStage.apply("next/summary.json", "--next", "next"));
    expect(applied).to.deep.equal(["compute"]);
    expect(parseApplied(await testStage.apply("next/summary.json")).applied).to.deep.equal(["transcoder"]);
  });

  it("rejects a review of other stacks or another stage, and asks before it applies", async () => {
    const summary = parseSummary(await testStage.read("next", "summary.json"));
    const [, ...others] = summary.stacks;
    await writeFile(testStage.path("other.json"), JSON.stringify({ ...summary, stacks: others }));
    const other = await testStage.apply("other.json");
    expect(other).to.include({ code: 1 });
    expect(other.stderr).to.contain("the review lacks storage");
    await writeFile(testStage.path("other.json"), JSON.stringify({ ...summary, stage: "prod" }));
    expect(await testStage.apply("other.json")).to.include({ code: 2 });
    const unconfirmed = await testStage.run(
      "apply",
      "--stage",
      "dev",
      "--no-synth",
      "--reviewed",
      "next/summary.json",
    );
    expect(unconfirmed).to.include({ code: 2 });
    expect(unconfirmed.stderr).to.contain("pass --yes");
  });

  it("lists the available stages, and names a missing variable", async () => {
    const unknown = await testStage.run("plan", "--stage", "prod", "--no-synth", "--out", "plan");
    expect(unknown).to.include({ code: 2 });
    expect(unknown.stderr).to.contain("Stage prod does not exist. Available stages: dev.");
    await testStage.synth({ storage: { variable: { worker_image: { type: "string" } } } });
    const unset = await testStage.run("plan", "--stage", "dev", "--no-synth", "--out", "plan");
    expect(unset).to.include({ code: 1 });
    expect(unset.stderr).to.contain("Set TF_VAR_worker_image");
  });

  it("waits for an output that a stack is about to create", async () => {
    const now = stacks({ key: "third" });
    await testStage.synth({
      ...now,
      storage: { ...now.storage, output: { ...now.storage.output, fresh: { value: "x" } } },
      compute: {
        ...now.compute,
        resource: {
          terraform_data: {
            ...now.compute.resource.terraform_data,
            more: dataResource(remoteOutput("storage", "fresh")),
          },
        },
      },
    });
    const summary = await testStage.plan();
    expect(getWaitReasons(summary).compute).to.deep.equal([{ stack: "storage", outputs: ["fresh"] }]);
    expect(getStatuses(summary)).to.include({ storage: "planned", compute: "pending" });
  });
});
