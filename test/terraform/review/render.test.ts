import { expect } from "chai";
import fc from "fast-check";
import { codeCell, codeSpan } from "../../../terraform/review/markdown.ts";
import { renderReview } from "../../../terraform/review/render.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { buildReviewDocument } from "../../../terraform/review/review-document.ts";
import { planDocument, policy, resourceChange } from "./plans.ts";

/** Splits a line as CommonMark 6.1 does: a run of backticks opens a span, the next of the same length ends it. */
const spansOf = (line: string): { readonly outside: string; readonly spans: readonly string[] } => {
  const runs = [...line.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const spans: string[] = [];
  let outside = "";
  let from = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const open = runs[at];
    const close = runs.findIndex((run, later) => later > at && run.length === open?.length);
    const end = runs[close];
    if (open === undefined || end === undefined) continue;
    outside += `${line.slice(from, open.at)}▮`;
    const inside = line.slice(open.at + open.length, end.at);
    spans.push(/^ .*\S.* $/su.test(inside) ? inside.slice(1, -1) : inside);
    from = end.at + end.length;
    at = close;
  }
  return { outside: outside + line.slice(from), spans };
};
/** What of a text is Markdown: all but what stands in code spans. */
const skeleton = (markdown: string): string =>
  markdown
    .split("\n")
    .map((line) => spansOf(line).outside)
    .join("\n");

/** Texts made of what Markdown, HTML and GitHub read as their own. */
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
  .map((parts) => [...parts.join("")].slice(0, 60).join(""));

/** A plan that puts one text in every place where a plan has a text of others. */
const planOf = (text: string) => {
  const named = (what: string): string => `${text}${what}`;
  const statement = (what: string) => ({
    Principal: { AWS: named(what) },
    Action: [named("action"), named(what)],
    Resource: named("resource"),
    Condition: { StringLike: { [named("key")]: named("value") } },
  });
  return planDocument(
    [
      resourceChange({
        address: `aws_sqs_queue.q[${JSON.stringify(text)}]`,
        type: "aws_sqs_queue",
        actions: ["delete", "create"],
        before: { name: named("1"), tags: { [named("tag")]: named("1") }, list: [named("1")] },
        after: { name: named("2"), tags: { [named("tag")]: named("2") }, list: [named("2")] },
        replacePaths: [["name"]],
        from: named("from"),
        importId: named("id"),
      }),
      resourceChange({
        address: named("table"),
        type: "aws_dynamodb_table",
        actions: ["delete"],
        before: { name: named("t") },
        deposed: named("d"),
      }),
      resourceChange({
        address: named("p"),
        type: "aws_s3_bucket_policy",
        actions: ["update"],
        before: { bucket: named("b"), policy: policy(statement("1")) },
        after: { bucket: named("b"), policy: policy(statement("2")) },
      }),
      resourceChange({
        address: named("g"),
        type: "aws_vpc_security_group_ingress_rule",
        actions: ["create"],
        after: { security_group_id: named("sg"), ip_protocol: named("tcp"), cidr_ipv4: "0.0.0.0/0" },
      }),
      resourceChange({
        address: named("v"),
        type: "aws_s3_bucket_public_access_block",
        actions: ["delete"],
        before: { bucket: named("b") },
      }),
    ],
    {
      drift: [
        resourceChange({
          address: named("drift"),
          type: "aws_sqs_queue",
          actions: ["update"],
          before: { note: named("1") },
          after: { note: named("2") },
        }),
      ],
      outputs: { [named("out")]: { actions: ["update"], before: named("1"), after: named("2") } },
    },
  );
};

describe("A review as Markdown", () => {
  it("puts any text into one code span, on one line, without controls", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { outside, spans } = spansOf(codeSpan(text));
        expect(outside).to.equal("▮");
        expect(spans).to.have.length(1);
        expect(codeSpan(text)).not.to.match(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
        expect(codeCell(text)).not.to.include("|");
      }),
      { numRuns: 500 },
    );
  });

  it("shows a text that needs no care as it is", () => {
    expect(codeSpan("aws_s3_bucket.a|b <c> @d")).to.equal("`aws_s3_bucket.a|b <c> @d`");
    expect(codeSpan("a`b")).to.equal("``a`b``");
    expect(codeSpan("`a")).to.equal("`` `a ``");
  });

  it("reads the same outside its code spans, whatever names and values say", () => {
    const markdown = (text: string): string =>
      renderReview([
        reviewPlan(planOf(text), { name: `${text}stack` }),
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

  it("never shows a sensitive value, in Markdown or JSON, wherever it stands", () => {
    const secret = "hunter2-4711";
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constant(secret),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("policy", "role", "name", "bucket", "ingress", "a"), tie("node")),
      ),
    })).node;
    /** Marks every secret in a value, as Terraform marks it: at the leaf, or at what holds it. */
    const marksOf = (inner: unknown, whole: boolean): unknown => {
      if (inner === secret || whole) return true;
      if (Array.isArray(inner)) return inner.map((one) => marksOf(one, whole));
      if (typeof inner !== "object" || inner === null) return false;
      return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, marksOf(one, whole)]));
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
        (type, does, before, after, whole) => {
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
              before_sensitive: marksOf(before, whole),
              after_sensitive: marksOf(after, whole),
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

  it("says at its head what there is in all, and what stops it", () => {
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

  it("cuts long values and counts them", () => {
    const changes = [
      resourceChange({ actions: ["update"], before: { a: "short" }, after: { a: "é".repeat(500) } }),
    ];
    expect(renderReview([reviewPlan(planDocument(changes), { name: "dev" })])).to.include(
      `  - \`a\`: \`short\` → \`${"é".repeat(140)}…\` (500 characters)\n`,
    );
  });

  it("stays within a limit: first without attributes, then without its end, always well-formed", () => {
    const changes = Array.from({ length: 60 }, (_, at) =>
      resourceChange({
        address: `aws_sqs_queue.q${at}`,
        actions: ["update"],
        before: { name: `q${at}`, a: 1, b: 1 },
        after: { name: `q${at}`, a: 2, b: 2 },
      }),
    );
    const review = reviewPlan(planDocument(changes), { name: "dev" });
    const whole = renderReview([review]);
    for (const maxLength of [whole.length - 1, 2000, 700]) {
      const cut = renderReview([review], { maxLength });
      expect(cut.length).to.be.at.most(maxLength);
      expect(cut.match(/<details>/g)?.length).to.equal(cut.match(/<\/details>/g)?.length);
      expect(cut).to.include("npx reelway review PLAN.json");
    }
    expect(renderReview([review], { maxLength: whole.length })).to.equal(whole);
  });
});
