import type { PolicyReport } from "./check-policies.ts";

const pluralise = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;

/** Renders a report as text: each violation with its fix, and a summary. */
export const renderPolicyReport = (report: PolicyReport): string => {
  const { violations, waivedViolations, unusedWaivers, blockCount, ruleCount } = report;
  const lines = [
    ...violations.flatMap(({ rule, address, description, rationale, message, fix }) => [
      `${address} ${message}.`,
      `  rule  ${rule}: ${description}`,
      `  why   ${rationale}`,
      `  fix   ${fix}`,
      "",
    ]),
    ...unusedWaivers.flatMap(({ rule, address }) => [
      `The waiver of ${rule} for ${address} is unused.`,
      "  fix   Remove it from terraform/policy/waivers.ts, or correct its address.",
      "",
    ]),
    `Checked ${pluralise(blockCount, "block")} against ${pluralise(ruleCount, "rule")}: ${pluralise(violations.length, "violation")}, ${waivedViolations.length} waived, ${pluralise(unusedWaivers.length, "unused waiver")}.`,
  ];
  return `${lines.join("\n")}\n`;
};
