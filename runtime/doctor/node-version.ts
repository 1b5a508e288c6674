import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";

const parseVersion = (text: string): readonly number[] =>
  (/\d+\.\d+\.\d+/.exec(text)?.[0] ?? "0.0.0").split(".").map(Number);

const isAtLeast = (version: readonly number[], minimum: readonly number[]): boolean => {
  for (const [index, part] of minimum.entries()) {
    const actual = version[index] ?? 0;
    if (actual !== part) return actual > part;
  }
  return true;
};

/** Whether a version is in a range of `^A.B.C` and `>=A.B.C` terms joined by `||`, the forms in package.json. */
export const isInRange = (version: string, range: string): boolean =>
  range.split("||").some((part) => {
    const [actual, minimum] = [parseVersion(version), parseVersion(part)];
    return isAtLeast(actual, minimum) && (part.trim().startsWith(">=") || actual[0] === minimum[0]);
  });

/**
 * Checks Node's version against the required range.
 *
 * @param range `engines.node` of package.json
 */
export const checkNodeVersion = (version: string, range: string): CheckResult =>
  isInRange(version, range)
    ? ok("node", `Node.js ${version}`)
    : {
        name: "node",
        status: "failure",
        message: `Node.js ${version} is not supported; Reelway needs ${range}`,
        nextStep: "Install the current LTS release of Node.js.",
      };
