import { expect } from "chai";
import fc from "fast-check";
import { codeCell, codeSpan } from "../../../terraform/review/markdown.ts";
import { renderReview } from "../../../terraform/review/render.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { buildReviewDocument } from "../../../terraform/review/review-document.ts";
import { planDocument, policy, resourceChange } from "./plans.ts";

/** Splits a line as CommonMark 6.1 does: a run of backticks opens a span, the next of the same length ends it. */
const splitSpans = (line: string): { readonly outside: string; readonly spans: readonly string[] } => {
  const runs = [...line.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const spans: string[] = [];
  let outside = "";
  let from = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const open = runs[at];
    const close = runs.findIndex((run, later) => later > at && run.length === open?.length);
    const closingRun = runs[close];
    if (open === undefined || closingRun === undefined) continue;
    outside += `${line.slice(from, open.at)}▮`;
    const inside = line.slice(open.at + open.length, closingRun.at);
    spans.push(/^ .*\S.* $/su.test(inside) ? inside.slice(1, -1) : inside);
    from = closingRun.at + closingRun.length;
    at = close;
  }
  return { outside: outside + line.slice(from), spans };
};
/** The Markdown of a text outside code spans. */
const skeleton = (markdown: string): string =>
  markdown
    .split("\n")
    .map((line) => splitSpans(line).outside)
    .join("\n");

/** Texts with Markdown, HTML and GitHub syntax. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "`",
        "``",
        "|",
        "\n",
        "\r",
        "<img src=x>",
        "</details>",
        "@octocat",
        "#1",
        "*",
        "\\",
        "$",
      ),
      fc.constantFrom(
        "\u202e",
        "\u2028",
        "\u0000",
        "-->",
        "[a](b)",
        "![x](y)",
        "~~~",
        "{",
        '"',
        " ",
        "\t",
        "&lt;",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((fragments) => [...fragments.join("")].slice(0, 60).join(""));

/** A plan with one text in every place that holds foreign text. */
const buildPlan = (text: string) => {
  const appendSuffix = (suffix: string): string => `${text}${suffix}`;
  const statement = (suffix: string) => ({
    Principal: { AWS: appendSuffix(suffix) },
    Action: [appendSuffix("action"), appendSuffix(suffix)],
    Resource: appendSuffix("resource"),
    Condition: { StringLike: { [appendSuffix("key")]: appendSuffix("value") } },
  });
  return planDocument(
    [
      resourceChange({
        address: `aws_sqs_queue.q[${JSON.stringify(text)}]`,
        type: "aws_sqs_queue",
        actions: ["delete", "create"],
        before: {
          name: appendSuffix("1"),
          tags: { [appendSuffix("tag")]: appendSuffix("1") },
          list: [appendSuffix("1")],
        },
        after: {
          name: appendSuffix("2"),
          tags: { [appendSuffix("tag")]: appendSuffix("2") },
          list: [appendSuffix("2")],
        },
        replacePaths: [["name"]],
        from: appendSuffix("from"),
        importId: appendSuffix("id"),
      }),
      resourceChange({
        address: appendSuffix("table"),
        type: "aws_dynamodb_table",
        actions: ["delete"],
        before: { name: appendSuffix("t") },
        deposed: appendSuffix("d"),
      }),
      resourceChange({
        address: appendSuffix("p"),
        type: "aws_s3_bucket_policy",
        actions: ["update"],
        before: { bucket: appendSuffix("b"), policy: policy(statement("1")) },
        after: { bucket: appendSuffix("b"), policy: policy(statement("2")) },
      }),
      resourceChange({
        address: appendSuffix("g"),
        type: "aws_vpc_security_group_ingress_rule",
        actions: ["create"],
        after: {
          security_group_id: appendSuffix("sg"),
          ip_protocol: appendSuffix("tcp"),
          cidr_ipv4: "0.0.0.0/0",
        },
      }),
      resourceChange({
        address: appendSuffix("v"),
        type: "aws_s3_bucket_public_access_block",
        actions: ["delete"],
        before: { bucket: appendSuffix("b") },
      }),
    ],
    {
      drift: [
        resourceChange({
          address: appendSuffix("drift"),
          type: "aws_sqs_queue",
          actions: ["update"],
          before: { note: appendSuffix("1") },
          after: { note: appendSuffix("2") },
        }),
      ],
      outputs: {
        [appendSuffix("out")]: { actions: ["update"], before: appendSuffix("1"), after: appendSuffix("2") },
      },
    },
  );
};

describe("the Markdown review", () => {
  it("renders any text as one code span on one line, without control characters", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { outside, spans } = splitSpans(codeSpan(text));
        expect(outside).to.equal("▮");
        expect(spans).to.have.length(1);
        expect(codeSpan(text)).not.to.match(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
        expect(codeCell(text)).not.to.include("|");
      }),
      { numRuns: 500 },
    );
  });

  it("renders plain text unchanged", () => {
    expect(codeSpan("aws_s3_bucket.a|b <c> @d")).to.equal("`aws_s3_bucket.a|b <c> @d`");
    expect(codeSpan("a`b")).to.equal("``a`b``");
    expect(codeSpan("`a")).to.equal("`` `a ``");
  });

  it("has the same Markdown outside code spans for any names and values", () => {
    const markdown = (text: string): string =>
      renderReview([
        reviewPlan(buildPlan(text), { name: `${text}stack` }),
        reviewPlan(planDocument([]), { name: "b" }),
      ]);
    const plain = skeleton(markdown("x"));
    expect(plain.split("\n").length).to.be.above(40);
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(markdown(text))).to.equal(plain);
      }),
      { numRuns: 80 },
    );
  });

  it("never shows a sensitive value, in Markdown or JSON, at any depth", () => {
    const secret = "hunter2-4711";
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constant(secret),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("policy", "role", "name", "bucket", "ingress", "a"), tie("node")),
      ),
    })).node;
    /** Marks every secret in a value as Terraform does: at the leaf, or at its parent. */
    const buildMarks = (inner: unknown, isWhole: boolean): unknown => {
      if (inner === secret || isWhole) return true;
      if (Array.isArray(inner)) return inner.map((one) => buildMarks(one, isWhole));
      if (typeof inner !== "object" || inner === null) return false;
      return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, buildMarks(one, isWhole)]));
    };
    const types = fc.constantFrom(
      "aws_iam_role_policy",
      "aws_iam_role",
      "aws_s3_bucket",
      "aws_security_group",
      "x",
    );
    const actions = fc.constantFrom(["update"], ["create"], ["delete"], ["delete", "create"], ["no-op"]);
    const attributes = fc.dictionary(
      fc.constantFrom("policy", "name", "role", "assume_role_policy", "tags"),
      value,
    );
    fc.assert(
      fc.property(
        types,
        actions,
        attributes,
        attributes,
        fc.boolean(),
        (type, does, before, after, isWhole) => {
          const change = resourceChange({
            type,
            actions: does,
            before,
            after,
            replacePaths: [["name"], ["policy"]],
          });
          const marked = {
            ...change,
            change: {
              ...change.change,
              before_sensitive: buildMarks(before, isWhole),
              after_sensitive: buildMarks(after, isWhole),
            },
          };
          const plan = planDocument([marked], {
            drift: [marked],
            outputs: {
              o: { actions: ["update"], before, after, before_sensitive: true, after_sensitive: true },
            },
          });
          const review = reviewPlan(plan, { name: "dev" });
          expect(renderReview([review])).not.to.include(secret);
          expect(JSON.stringify(buildReviewDocument([review]))).not.to.include(secret);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("begins with totals and blockers", () => {
    const storage = reviewPlan(
      planDocument([
        resourceChange({ address: "aws_s3_bucket.old", actions: ["delete"], before: { bucket: "old" } }),
      ]),
      { name: "dev-storage" },
    );
    const routing = reviewPlan(
      planDocument([resourceChange({ actions: ["create"], after: { name: "q" } })]),
      {
        name: "dev-routing",
      },
    );
    expect(renderReview([storage, routing]).split("\n").slice(0, 11)).to.deep.equal([
      "**2 stacks: 1 to create, 1 to delete.** Planned by Terraform 1.11.4.",
      "",
      "| Stack | create | delete |",
      "|---|---:|---:|",
      "| `dev-storage` |  | 1 |",
      "| `dev-routing` | 1 |  |",
      "",
      "> [!CAUTION]",
      "> **This plan destroys stateful resources.** Before you apply it, allow each address with `--allow-destroy`:",
      "> - `aws_s3_bucket.old` in `dev-storage`: All its objects and their versions must be deleted first and are lost.",
      "",
    ]);
  });

  it("truncates long values and counts them", () => {
    const changes = [
      resourceChange({ actions: ["update"], before: { a: "short" }, after: { a: "é".repeat(500) } }),
    ];
    expect(renderReview([reviewPlan(planDocument(changes), { name: "dev" })])).to.include(
      `  - \`a\`: \`short\` → \`${"é".repeat(140)}…\` (500 characters)\n`,
    );
  });

  it("stays within a limit: drops attributes first, then the end, and stays valid", () => {
    const changes = Array.from({ length: 60 }, (_, at) =>
      resourceChange({
        address: `aws_sqs_queue.q${at}`,
        actions: ["update"],
        before: { name: `q${at}`, a: 1, b: 1 },
        after: { name: `q${at}`, a: 2, b: 2 },
      }),
    );
    const review = reviewPlan(planDocument(changes), { name: "dev" });
    const fullText = renderReview([review]);
    for (const maxLength of [fullText.length - 1, 2000, 700]) {
      const cut = renderReview([review], { maxLength });
      expect(cut.length).to.be.at.most(maxLength);
      expect(cut.match(/<details>/g)?.length).to.equal(cut.match(/<\/details>/g)?.length);
      expect(cut).to.include("npx reelway review PLAN.json");
    }
    expect(renderReview([review], { maxLength: fullText.length })).to.equal(fullText);
  });
});
