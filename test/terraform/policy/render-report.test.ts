import { expect } from "chai";
import { checkPolicies } from "../../../terraform/policy/check-policies.ts";
import { renderPolicyReport } from "../../../terraform/policy/render-report.ts";
import type { Waiver } from "../../../terraform/policy/waivers.ts";

const table = { server_side_encryption: { enabled: true, kms_key_arn: "key" } };
const stacks = new Map([
  [
    "dev-storage",
    {
      resource: {
        aws_dynamodb_table: {
          jobs_1: { ...table, deletion_protection_enabled: true },
          films_1: { ...table, point_in_time_recovery: { enabled: true } },
        },
      },
    },
  ],
]);
const waiver = (address: string, more: Partial<Waiver> = {}): Waiver => ({
  rule: "CKV_AWS_28",
  address,
  reason: "It is made anew each night.",
  ...more,
});
const broken = (waivers: readonly Waiver[]) =>
  checkPolicies(stacks, waivers).violations.map(({ rule, address }) => `${rule} ${address}`);
const both = [
  "CKV_AWS_28 dev-storage/aws_dynamodb_table.jobs_1",
  "DynamoDB.6 dev-storage/aws_dynamodb_table.films_1",
];

describe("checkPolicies", () => {
  it("lists the violations of each rule", () => {
    expect(broken([])).to.deep.equal(both);
  });

  it("omits waived violations of that rule and address, and reports the reason", () => {
    const report = checkPolicies(stacks, [waiver("*-storage/aws_dynamodb_table.jobs_*")]);

    expect(report.violations.map(({ rule }) => rule)).to.deep.equal(["DynamoDB.6"]);
    expect(report.waivedViolations.map(({ rule, reason }) => [rule, reason])).to.deep.equal([
      ["CKV_AWS_28", "It is made anew each night."],
    ]);
    expect(report.unusedWaivers).to.deep.equal([]);
  });

  for (const [how, unmatched] of [
    ["is for another address", waiver("*-storage/aws_dynamodb_table.jobs")],
    ["is for another rule", waiver("*", { rule: "CKV_AWS_119" })],
    ["is for another part", waiver("*", { parts: ["all"] })],
  ] as const)
    it(`reports an unused waiver that ${how}`, () => {
      expect(broken([unmatched])).to.deep.equal(both);
      expect(checkPolicies(stacks, [unmatched]).unusedWaivers).to.deep.equal([unmatched]);
    });

  it("accepts an unmatched waiver of an unused option", () => {
    expect(checkPolicies(stacks, [waiver("elsewhere", { option: "github" })]).unusedWaivers).to.deep.equal(
      [],
    );
  });
});

describe("renderPolicyReport", () => {
  it("renders place, problem, reason and fix of each violation, and the totals", () => {
    const [text, sum] = renderPolicyReport(checkPolicies(stacks, [waiver("nowhere")])).split(
      /(?=\nChecked \d+ blocks)/,
    );

    expect(text?.split("\n").slice(0, 5)).to.deep.equal([
      "dev-storage/aws_dynamodb_table.jobs_1 has no point-in-time recovery.",
      "  rule  CKV_AWS_28: Tables have point-in-time recovery.",
      "  why   Without it, a wrong write cannot be undone.",
      "  fix   Set point_in_time_recovery.enabled to true.",
      "",
    ]);
    expect(text).to.include("The waiver of CKV_AWS_28 for nowhere is unused.");
    expect(sum).to.match(
      /^\nChecked 2 blocks against \d+ rules: 2 violations, 0 waived, 1 unused waiver\.\n$/,
    );
  });
});
