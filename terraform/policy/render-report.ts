import type { PolicyReport } from "./check-policies.ts";

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** A report as text for a person: each violation with what to do about it, and a sum at the end. */
export const renderPolicyReport = (report: PolicyReport): string => {
  const { violations, waived, unused, blocks, rules } = report;
  const lines = [
    ...violations.flatMap(({ rule, address, what, why, wrong, fix }) => [
      `${address} ${wrong}.`,
      `  rule  ${rule}: ${what}`,
      `  why   ${why}`,
      `  do    ${fix}`,
      "",
    ]),
    ...unused.flatMap(({ rule, address }) => [
      `The waiver of ${rule} for ${address} matches nothing.`,
      "  do    Remove it from terraform/policy/waivers.ts, or correct its address.",
      "",
    ]),
    `${count(blocks, "block")} looked at by ${count(rules, "rule")}: ${count(violations.length, "violation")}, ${waived.length} waived, ${count(unused.length, "waiver")} without a match.`,
  ];
  return `${lines.join("\n")}\n`;
};
