import { readFile, stat, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { parseHashes } from "../../terraform/pull-request/marker.ts";
import { type PlanSummary, parseSummary, pickHashes } from "../../terraform/pull-request/summary.ts";
import { appliedOf, createEstate, data, type Estate, of, output } from "./pull-request/estate.ts";

const statuses = ({ stacks }: PlanSummary) =>
  Object.fromEntries(stacks.map(({ name, status }) => [name, status]));
const waiting = ({ stacks }: PlanSummary) =>
  Object.fromEntries(
    stacks.flatMap(({ name, pendingDependencies }) =>
      pendingDependencies ? [[name, pendingDependencies]] : [],
    ),
  );

/** storage ← compute ← transcoder, and routing, which reads a name of storage that never changes. */
const stacks = (given: { readonly key?: string; readonly routes?: string } = {}) => ({
  storage: {
    resource: {
      terraform_data: {
        key: data(given.key ?? "first", { triggers_replace: given.key ?? "first" }),
        table: data("jobs"),
      },
    },
    output: { key_id: output("terraform_data.key.id"), table: output("terraform_data.table.output") },
  },
  compute: {
    reads: ["storage"],
    resource: { terraform_data: { cluster: data(of("storage", "key_id")), network: data("10.0.0.0/16") } },
    output: {
      cluster: output("terraform_data.cluster.output"),
      network: output("terraform_data.network.output"),
    },
  },
  transcoder: {
    reads: ["compute"],
    resource: { terraform_data: { api: data(of("compute", "cluster")) } },
  },
  routing: {
    reads: ["storage", "compute"],
    resource: {
      terraform_data: {
        router: data({
          table: of("storage", "table"),
          network: of("compute", "network"),
          routes: given.routes ?? "a",
        }),
      },
    },
  },
});

describe("a stage, from the pull request to what is applied", () => {
  let estate: Estate;
  before(async () => {
    estate = await createEstate();
  });
  after(() => estate.close());

  it("plans what can be planned of an empty account, and says what the rest waits for", async () => {
    await estate.synth(stacks());
    const summary = await estate.plan();
    expect(statuses(summary)).to.deep.equal({
      storage: "planned",
      compute: "pending",
      transcoder: "pending",
      routing: "pending",
    });
    expect(waiting(summary)).to.deep.equal({
      compute: [{ stack: "storage", outputs: ["key_id"] }],
      transcoder: [{ stack: "compute", outputs: ["cluster"] }],
      routing: [
        { stack: "storage", outputs: ["table"] },
        { stack: "compute", outputs: ["network"] },
      ],
    });
    const comment = await estate.read("plan", "comment.md");
    expect(comment).to.match(/^<!-- reelway-plan dev -->\n<!-- reelway-hashes /);
    expect(comment).to.contain("| compute | pending: planned after storage is applied (needs `key_id`) |");
    expect(comment).to.contain("terraform_data.key");
    expect(parseHashes(comment, "dev")).to.deep.equal(pickHashes(summary));
    expect(parseSummary(await estate.read("plan", "summary.json"))).to.deep.equal(summary);
    // Terraform's own document may hold secrets.
    expect((await stat(estate.path("plan", "storage.json"))).mode & 0o077).to.equal(0);
  });

  it("gives a plan the same hash every time", async () => {
    const [one, other] = [await estate.plan("one"), await estate.plan("other")];
    expect(pickHashes(other)).to.deep.equal(pickHashes(one));
  });

  it("applies what was reviewed and stops, satisfied, where a stack awaits its own approval", async () => {
    const { applied, next } = appliedOf(await estate.apply("plan/summary.json", "--next", "next"));
    expect(applied).to.deep.equal(["storage"]);
    const summary = parseSummary(JSON.stringify(next));
    expect(statuses(summary)).to.deep.equal({
      storage: "unchanged",
      compute: "planned",
      transcoder: "pending",
      routing: "pending",
    });
    const comment = await estate.read("next", "comment.md");
    expect(parseHashes(comment, "dev")).to.deep.equal(pickHashes(summary));
    expect(comment).to.contain("terraform_data.cluster");
  });

  it("goes on, approval by approval, until nothing is left, with hashes alone", async () => {
    const seen: string[][] = [];
    for (let round = 0; round < 4; round += 1) {
      const reviewed = parseSummary(await estate.read("next", "summary.json"));
      await writeFile(estate.path("reviewed.json"), JSON.stringify(pickHashes(reviewed)));
      const { applied, next } = appliedOf(await estate.apply("reviewed.json", "--next", "next"));
      seen.push(applied);
      if (next === null) break;
    }
    expect(seen).to.deep.equal([["compute"], ["transcoder", "routing"]]);
    expect(Object.values(statuses(await estate.plan()))).to.deep.equal(
      Array.from({ length: 4 }, () => "unchanged"),
    );
  });

  it("lets only those wait that read an output which changes in the same plan", async () => {
    await estate.synth(stacks({ key: "second", routes: "b" }));
    const summary = await estate.plan();
    expect(statuses(summary)).to.deep.equal({
      storage: "planned",
      compute: "pending",
      transcoder: "pending",
      routing: "planned",
    });
    expect(waiting(summary)).to.deep.equal({
      compute: [{ stack: "storage", outputs: ["key_id"] }],
      transcoder: [{ stack: "compute", outputs: ["cluster"] }],
    });
  });

  it("refuses a plan that is no longer the reviewed one, names what differs, and changes nothing", async () => {
    await estate.synth(stacks({ routes: "c" }));
    await estate.plan("reviewed");
    await estate.synth(stacks({ routes: "d" }));
    const before = await readFile(estate.state("routing"), "utf8");
    const refused = await estate.apply("reviewed/summary.json");
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain(
      'terraform_data.router: input.routes: reviewed "a" → "c"; now "a" → "d"',
    );
    expect(refused.stderr).to.contain("The plan of routing differs from the review, so it was not applied");
    expect(await readFile(estate.state("routing"), "utf8")).to.equal(before);
  });

  it("goes on after an apply that was broken off", async () => {
    await estate.synth({ ...stacks({ key: "third" }) });
    await estate.plan("reviewed");
    const first = appliedOf(await estate.apply("reviewed/summary.json", "--next", "next"));
    expect(first.applied).to.deep.equal(["storage"]);
    const again = appliedOf(await estate.apply("reviewed/summary.json", "--next", "next"));
    expect(again.applied).to.deep.equal([]);
    expect(again.unchanged).to.deep.equal(["storage"]);
    const { applied } = appliedOf(await estate.apply("next/summary.json", "--next", "next"));
    expect(applied).to.deep.equal(["compute"]);
    expect(appliedOf(await estate.apply("next/summary.json")).applied).to.deep.equal(["transcoder"]);
  });

  it("takes no review of other stacks or of another stage, and asks before it applies", async () => {
    const summary = parseSummary(await estate.read("next", "summary.json"));
    const [, ...others] = summary.stacks;
    await writeFile(estate.path("other.json"), JSON.stringify({ ...summary, stacks: others }));
    const other = await estate.apply("other.json");
    expect(other).to.include({ code: 1 });
    expect(other.stderr).to.contain("the review lacks storage");
    await writeFile(estate.path("other.json"), JSON.stringify({ ...summary, stage: "prod" }));
    expect(await estate.apply("other.json")).to.include({ code: 2 });
    const asked = await estate.run(
      "apply",
      "--stage",
      "dev",
      "--no-synth",
      "--reviewed",
      "next/summary.json",
    );
    expect(asked).to.include({ code: 2 });
    expect(asked.stderr).to.contain("pass --yes");
  });

  it("says which stages there are, and which variable nobody set", async () => {
    const unknown = await estate.run("plan", "--stage", "prod", "--no-synth", "--out", "plan");
    expect(unknown).to.include({ code: 2 });
    expect(unknown.stderr).to.contain("Stage prod does not exist. Available stages: dev.");
    await estate.synth({ storage: { variable: { worker_image: { type: "string" } } } });
    const unset = await estate.run("plan", "--stage", "dev", "--no-synth", "--out", "plan");
    expect(unset).to.include({ code: 1 });
    expect(unset.stderr).to.contain("Set TF_VAR_worker_image");
  });

  it("waits for an output that a stack is about to put out for the first time", async () => {
    const now = stacks({ key: "third" });
    await estate.synth({
      ...now,
      storage: { ...now.storage, output: { ...now.storage.output, fresh: { value: "x" } } },
      compute: {
        ...now.compute,
        resource: {
          terraform_data: { ...now.compute.resource.terraform_data, more: data(of("storage", "fresh")) },
        },
      },
    });
    const summary = await estate.plan();
    expect(waiting(summary).compute).to.deep.equal([{ stack: "storage", outputs: ["fresh"] }]);
    expect(statuses(summary)).to.include({ storage: "planned", compute: "pending" });
  });
});
