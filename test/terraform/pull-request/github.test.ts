import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { type GitHub, GitHubError, openGitHub } from "../../../terraform/pull-request/github.ts";
import { findReview, upsertComment } from "../../../terraform/pull-request/github-comment.ts";
import { syncDriftIssue } from "../../../terraform/pull-request/github-issue.ts";
import { renderHashes, renderMarker } from "../../../terraform/pull-request/marker.ts";
import { hashChanges, type NormalisedChange } from "../../../terraform/pull-request/normalised-changes.ts";
import {
  addDetails,
  createEmptyReview,
  hasPendingWork,
} from "../../../terraform/pull-request/review-summary.ts";
import { type PlanSummary, pickHashes } from "../../../terraform/pull-request/summary.ts";
import { workflowAuthor } from "../../../terraform/pull-request/workflow-run.ts";

/** A repository with these lists, which records what it receives. */
const repository = (lists: Readonly<Record<string, readonly unknown[]>>) => {
  const sent: unknown[] = [];
  const github: GitHub = {
    list: async (path) => lists[path] ?? [],
    send: async (method, path, body) => {
      sent.push({ method, path, body });
    },
    download: async () => false,
  };
  return { github, sent };
};

const head = "a".repeat(40);
const merge = "b".repeat(40);
const change: NormalisedChange = { address: "a.b", actions: ["create"], attributes: [] };
const summary: PlanSummary = {
  version: 1,
  stage: "dev",
  commit: head,
  run: "12",
  stacks: [
    { name: "storage", status: "planned", hash: hashChanges([change]), changes: [change] },
    { name: "compute", status: "pending" },
  ],
};
const body = `${renderMarker("plan", "dev")}\n${renderHashes(summary)}\n# Plan`;
const comment = (id: number, text: string, login = workflowAuthor) => ({ id, body: text, user: { login } });
const pull = { number: 7, merged_at: "2026-11-20T10:00:00Z", merge_commit_sha: merge, head: { sha: head } };
const readReview = (comments: readonly unknown[], pulls: readonly unknown[] = [pull]) =>
  findReview(
    repository({ [`commits/${merge}/pulls`]: pulls, "issues/7/comments": comments }).github,
    merge,
    "dev",
    workflowAuthor,
  );

describe("the plan comment on GitHub", () => {
  it("is created once and updated afterwards", async () => {
    const none = repository({ "issues/7/comments": [comment(1, "Looks good")] });
    expect(await upsertComment(none.github, 7, body, workflowAuthor)).to.equal("created");
    expect(none.sent).to.deep.equal([{ method: "POST", path: "issues/7/comments", body: { body } }]);
    const withComments = repository({
      "issues/7/comments": [
        comment(1, `${renderMarker("plan", "prod")}\n`),
        comment(2, `${renderMarker("plan", "dev")}\nforged`, "stranger"),
        comment(3, `${renderMarker("plan", "dev")}\r\nold`),
      ],
    });
    expect(await upsertComment(withComments.github, 7, body, workflowAuthor)).to.equal("updated");
    expect(withComments.sent).to.deep.equal([{ method: "PATCH", path: "issues/comments/3", body: { body } }]);
  });

  it("yields the reviewed hashes for the merged commit", async () => {
    expect(await readReview([comment(1, "Hm"), comment(2, body)])).to.deep.equal({
      summary: pickHashes(summary),
      pullNumber: 7,
    });
  });

  it("yields no hashes for another author, commit or stage, or without a pull request", async () => {
    const catchReason = async (...args: Parameters<typeof readReview>) => {
      const review = await readReview(...args);
      return review.summary === undefined ? review.reason : "found";
    };
    expect(await catchReason([comment(2, body, "stranger")])).to.equal("pull request 7 has no plan of dev");
    expect(await catchReason([comment(2, body.replaceAll("dev", "prod"))])).to.equal(
      "pull request 7 has no plan of dev",
    );
    expect(await catchReason([comment(2, `Quoting:\n${body}`)])).to.equal(
      "pull request 7 has no plan of dev",
    );
    expect(await catchReason([comment(2, body)], [{ ...pull, head: { sha: merge } }])).to.equal(
      "the plan in pull request 7 does not belong to its last commit",
    );
    expect(await catchReason([comment(2, body)], [{ ...pull, merged_at: null }])).to.equal(
      "bbbbbbbbbbbb is not the merge commit of a pull request",
    );
  });
});

describe("the review result", () => {
  it("gets details only for a matching hash", () => {
    const hashes = pickHashes(summary);
    expect(addDetails(hashes, summary).stacks[0]?.changes).to.deep.equal([change]);
    const other = {
      ...summary,
      stacks: [
        {
          ...summary.stacks[0],
          name: "storage",
          status: "planned" as const,
          hash: hashChanges([]),
          changes: [],
        },
      ],
    };
    expect(addDetails(hashes, other)).to.deep.equal(hashes);
    expect(addDetails(hashes, undefined)).to.deep.equal(hashes);
  });

  it("has changes unless every stack is unchanged", () => {
    expect(hasPendingWork(summary)).to.equal(true);
    expect(hasPendingWork(createEmptyReview("dev"))).to.equal(true);
    const unchanged = { name: "storage", status: "unchanged" as const, hash: hashChanges([]) };
    expect(hasPendingWork({ ...summary, stacks: [unchanged] })).to.equal(false);
  });
});

describe("the drift issue", () => {
  const drift = `${renderMarker("drift", "dev")}\nOne resource`;
  const open = "issues?state=open&labels=drift";
  const openIssue = [
    { number: 3, body: `${renderMarker("drift", "prod")}\n` },
    { number: 4, body: `${renderMarker("drift", "dev")}\nbefore`, pull_request: {} },
    { number: 5, body: `${renderMarker("drift", "dev")}\nbefore` },
  ];

  it("is opened once, updated, and closed when the drift is gone", async () => {
    const none = repository({});
    expect(await syncDriftIssue(none.github, "dev", undefined)).to.equal("nothing");
    expect(none.sent).to.deep.equal([]);
    expect(await syncDriftIssue(none.github, "dev", drift)).to.equal("opened");
    expect(none.sent).to.deep.equal([
      { method: "POST", path: "issues", body: { title: "Drift in dev", body: drift, labels: ["drift"] } },
    ]);
    const withComments = repository({ [open]: openIssue });
    expect(await syncDriftIssue(withComments.github, "dev", drift)).to.equal("updated");
    expect(await syncDriftIssue(withComments.github, "dev", undefined)).to.equal("closed");
    expect(withComments.sent).to.deep.equal([
      { method: "PATCH", path: "issues/5", body: { body: drift } },
      { method: "PATCH", path: "issues/5", body: { state: "closed", state_reason: "completed" } },
    ]);
  });
});

describe("the gh CLI", () => {
  let folder: string;
  const path = process.env.PATH;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-gh-test-"));
    // Answers as gh does: pages as one list of lists; it records its input.
    await writeFile(
      join(folder, "gh"),
      `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
writeFileSync(${JSON.stringify(join(folder, "given.json"))}, JSON.stringify({ words, input: readFileSync(0, "utf8") }));
if (words.join().includes("missing")) { console.error("gh: Not Found (HTTP 404)"); process.exit(1); }
console.log(JSON.stringify([[{ id: 1 }], [{ id: 2 }]]));
`,
    );
    await chmod(join(folder, "gh"), 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  after(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  });
  const callSchema = z.object({ words: z.array(z.string()), input: z.string() });
  const readRecordedCall = async () =>
    callSchema.parse(JSON.parse(await readFile(join(folder, "given.json"), "utf8")));

  it("reads every page of a list", async () => {
    expect(await openGitHub().list("issues?state=open")).to.deep.equal([{ id: 1 }, { id: 2 }]);
    expect((await readRecordedCall()).words).to.deep.equal([
      "api",
      "--paginate",
      "--slurp",
      "repos/{owner}/{repo}/issues?state=open&per_page=100",
    ]);
  });

  it("passes a body on standard input, never as an argument", async () => {
    await openGitHub().send("POST", "issues", { body: "text" });
    const { words, input } = await readRecordedCall();
    expect(words).to.include.members(["--input", "-"]);
    expect(JSON.parse(input)).to.deep.equal({ body: "text" });
  });

  it("is named in failures, and a missing artifact is not a failure", async () => {
    expect(await openGitHub().download("12", "missing", folder)).to.equal(false);
    const failed = await openGitHub()
      .list("missing")
      .catch((cause: unknown) => cause);
    expect(failed).to.be.instanceOf(GitHubError);
    expect(String(failed)).to.contain("Not Found (HTTP 404)");
  });

  it("is requested if it is not installed", async () => {
    process.env.PATH = join(folder, "nowhere");
    try {
      const failed = await openGitHub()
        .list("issues")
        .catch((cause: unknown) => cause);
      expect(String(failed)).to.contain("Check that gh is installed");
    } finally {
      process.env.PATH = `${folder}${delimiter}${path}`;
    }
  });
});
