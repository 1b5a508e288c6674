import { expect } from "chai";
import { renderComment } from "../../../terraform/pull-request/comment.ts";
import { renderDrift } from "../../../terraform/pull-request/drift-report.ts";
import { parseHashes, renderHashes, renderMarker } from "../../../terraform/pull-request/marker.ts";
import {
  countChanges,
  hashChanges,
  normaliseChanges,
} from "../../../terraform/pull-request/normalised-changes.ts";
import {
  InvalidSummaryError,
  type PlanSummary,
  parseSummary,
  pickHashes,
} from "../../../terraform/pull-request/summary.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { change, plan } from "./plan-factory.ts";

const buildManyChanges = (count: number) => ({
  format_version: "1.2",
  planned_values: {},
  resource_changes: Array.from({ length: count }, (_, index) => ({
    address: `terraform_data.number_${index}`,
    mode: "managed",
    type: "terraform_data",
    name: `number_${index}`,
    change: change({ actions: ["create"], after: { input: "x".repeat(40) } }),
  })),
});
const buildSummary = (count: number): PlanSummary => {
  const changes = [...normaliseChanges(plan(buildManyChanges(count)))];
  return {
    version: 1,
    stage: "dev",
    commit: "c".repeat(40),
    stacks: [
      {
        name: "storage",
        status: "planned",
        hash: hashChanges(changes),
        counts: countChanges(changes),
        changes,
      },
      {
        name: "compute",
        status: "pending",
        pendingDependencies: [{ stack: "storage", outputs: ["a", "b"] }],
      },
      { name: "registry", status: "unchanged", hash: hashChanges([]), changes: [] },
      { name: "routing", status: "pending", pendingDependencies: [{ stack: "compute", outputs: [] }] },
    ],
  };
};
const comment = (count: number, limit?: number) =>
  renderComment(
    "plan",
    {
      summary: buildSummary(count),
      reviews: [reviewPlan(buildManyChanges(count), { name: "storage" })],
      pointer: "The whole is elsewhere.",
    },
    limit,
  );

describe("the plan comment", () => {
  it("contains each stack's changes or wait reason, its review, and hashes for the apply", () => {
    const text = comment(2);
    expect(text.split("\n")[0]).to.equal("<!-- reelway-plan dev -->");
    expect(text).to.contain("# Plan of dev at `cccccccccccc`");
    expect(text).to.contain("| storage | 2 to create | `");
    expect(text).to.contain("| compute | pending: planned after storage is applied (needs `a`, `b`) |  |");
    expect(text).to.contain("| registry | no changes | `");
    expect(text).to.contain(
      "| routing | pending: planned after compute is applied (needs the state of compute) |  |",
    );
    expect(text).to.contain("terraform_data.number_1");
    expect(text).to.not.contain("truncated");
    expect(parseHashes(text, "dev")).to.deep.equal(pickHashes(buildSummary(2)));
  });

  it("is truncated to GitHub's limit with a note, keeping table and hashes", () => {
    const text = comment(3_000);
    expect(text.length).to.be.at.most(65_536);
    expect(text).to.contain("The whole is elsewhere.");
    expect(text).to.contain("| routing |");
    expect(parseHashes(text, "dev")).to.deep.equal(pickHashes(buildSummary(3_000)));
    const count = (searchText: string) => text.split(searchText).length;
    expect(count("<details>")).to.equal(count("</details>"));
  });

  it("is ignored for another stage, or without hashes on its second line", () => {
    expect(parseHashes(comment(1), "prod")).to.equal(undefined);
    expect(parseHashes(`x\n${comment(1)}`, "dev")).to.equal(undefined);
    expect(
      parseHashes(`${renderMarker("plan", "dev")}\ntext\n${renderHashes(buildSummary(1))}`, "dev"),
    ).to.equal(undefined);
  });

  it("is ignored if damaged", () => {
    const damaged = (from: string, to: string) => () =>
      parseHashes(
        `${renderMarker("plan", "dev")}\n${renderHashes(buildSummary(1)).replace(from, to)}`,
        "dev",
      );
    expect(damaged('"planned"', '"pending"')).to.throw(InvalidSummaryError, "storage is pending with a hash");
    expect(damaged('"version":1', '"version":2')).to.throw(InvalidSummaryError, "version");
    expect(damaged("{", "")).to.throw(InvalidSummaryError, "not valid JSON");
  });

  it("escapes its hidden line", () => {
    expect(renderHashes({ ...buildSummary(1), stage: "-->" }).indexOf("-->")).to.equal(
      renderHashes({ ...buildSummary(1), stage: "-->" }).length - 3,
    );
  });
});

describe("a summary", () => {
  it("is rejected if its changes do not match its hash", () => {
    const summary = buildSummary(2);
    const [storage, ...rest] = summary.stacks;
    const text = JSON.stringify({
      ...summary,
      stacks: [{ ...storage, changes: storage?.changes?.slice(1) }, ...rest],
    });
    expect(() => parseSummary(text)).to.throw(
      InvalidSummaryError,
      "the changes of storage do not match its hash",
    );
    expect(parseSummary(JSON.stringify(summary))).to.deep.equal(summary);
  });
});

describe("the drift report", () => {
  const changed = {
    address: "aws_sns_topic.finished",
    actions: ["update"],
    attributes: [{ path: "display_name", before: '"a"', after: '"b`c"' }],
  };

  it("names stack, resource and attribute, and no attribute of a deleted resource", () => {
    const report = renderDrift(
      "dev",
      [
        { name: "storage", drift: [] },
        {
          name: "routing",
          drift: [changed, { ...changed, address: "aws_sqs_queue.gone", actions: ["delete"] }],
        },
        { name: "pipelines", drift: undefined },
      ],
      "See the artifact.",
    );
    expect(report?.split("\n").slice(2)).to.deep.equal([
      "",
      "## routing",
      "",
      "- `aws_sns_topic.finished` was changed",
      '  - `display_name`: `"a"` → ``"b`c"``',
      "- `aws_sqs_queue.gone` was deleted",
      "",
    ]);
    expect(report).to.contain("2 resources of dev changed outside Terraform");
  });

  it("is undefined without drift, and is truncated to GitHub's limit", () => {
    expect(renderDrift("dev", [{ name: "storage", drift: [] }], "")).to.equal(undefined);
    const much = Array.from({ length: 2_000 }, (_, index) => ({
      ...changed,
      address: `aws_a.number_${index}`,
    }));
    const report = renderDrift("dev", [{ name: "storage", drift: much }], "See the artifact.") ?? "";
    expect(report.length).to.be.within(60_000, 65_536);
    expect(report).to.contain("**Truncated.** See the artifact.");
  });
});
