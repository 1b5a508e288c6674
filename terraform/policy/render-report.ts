import type { PolicyReport } from "./check-policies.ts";

const pluralise = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;

/** A report as text for a person: each violation with what to do about it, and a sum at the end. */
export const renderPolicyReport = (report: PolicyReport): string => {
  const { violations, waivedViolations, unusedWaivers, blockCount, ruleCount } = report;
  const lines = [
    ...violations.flatMap(({ rule, address, description, rationale, message, fix }) => [
      `${address} ${message}.`,
      `  rule  ${rule}: ${description}`,
      `  why   ${rationale}`,
      `  do    ${fix}`,
      "",
    ]),
    ...unusedWaivers.flatMap(({ rule, address }) => [
      `The waiver of ${rule} for ${address} matches nothing.`,
      "  do    Remove it from terraform/policy/waivers.ts, or correct its address.",
      "",
    ]),
    `${pluralise(blockCount, "block")} looked at by ${pluralise(ruleCount, "rule")}: ${pluralise(violations.length, "violation")}, ${waivedViolations.length} waived, ${pluralise(unusedWaivers.length, "waiver")} without a match.`,
  ];
  return `${lines.join("\n")}\n`;
};
