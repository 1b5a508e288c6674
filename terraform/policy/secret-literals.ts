import { isBlockBody } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";

/** What secrets look like, wherever they stand. */
const secretPatterns: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["an AWS access key", /(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a GitHub token", /(?<!\w)(gh[pousr]_\w{36,}|github_pat_\w{22,})/],
  ["a Slack token", /(?<!\w)xox[abeprs]-[\w-]{10,}/],
  ["a JSON Web Token", /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
];
/** Where a text that is no expression is a secret, whatever it looks like: attributes and variables by these names. */
const secretNames =
  /^(.*_)?(password|passphrase|secret_string(_wo)?|secret_binary|secret_key|secret_access_key|private_key|api_key|auth_token|access_token|client_secret)$/i;
/** As long as an AWS secret access key; random enough to be no path and no hash. */
const awsSecretKeyPattern = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** Bits a character carries in a text. */
const computeEntropy = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => {
    const frequency = count / text.length;
    return bits - frequency * Math.log2(frequency);
  }, 0);
};
const isRandom = (text: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) && computeEntropy(text) > 4.2;
/** Names, ARNs and expressions tell where a secret is, and are none. */
const isReference = (value: string): boolean =>
  value === "" || value.includes("${") || value.startsWith("arn:");
/** `secretAccessKey` is named like `secret_access_key`. */
const isSecretName = (name: string): boolean =>
  secretNames.test(name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_"));
/** What an expression writes out under such a name, e.g. `jsonencode({ password = "…" })`. */
const hasSecretLiteral = (expression: string): boolean =>
  [...expression.matchAll(/(\w+)"?\s*[=:]\s*"([^"]+)"/g)].some(
    ([, name = "", value = ""]) => isSecretName(name) && !isReference(value),
  );

/**
 * What kind of secret a named value is.
 *
 * @returns undefined where it is none
 */
export const detectSecret = (name: string, value: string): string | undefined => {
  const match = secretPatterns.find(([, pattern]) => pattern.test(value));
  if (match !== undefined) return match[0];
  if ((value.match(awsSecretKeyPattern) ?? []).some(isRandom)) return "an AWS secret key";
  return (isSecretName(name) && !isReference(value)) || (value.includes("${") && hasSecretLiteral(value))
    ? "a secret that is written out"
    : undefined;
};

/** A secret and where it stands in a block. */
export interface DetectedSecret {
  readonly path: string;
  readonly kind: string;
}

/** All secrets in a value, JSON in its texts looked into as well. */
export const findSecrets = (value: unknown, path: readonly string[] = []): readonly DetectedSecret[] => {
  if (typeof value === "string") {
    const embedded = /^\s*[[{]/.test(value) ? parseEmbeddedJson(value) : undefined;
    if (embedded !== undefined) return findSecrets(embedded, path);
    const kind = detectSecret(path.findLast((step) => !/^\d+$/.test(step)) ?? "", value);
    return kind === undefined ? [] : [{ path: path.join("."), kind }];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => findSecrets(one, [...path, String(index)]));
  // A variable of a container says its name beside its value.
  if (isBlockBody(value) && typeof value.name === "string" && typeof value.value === "string")
    return findSecrets(value.value, [...path, value.name]);
  return isBlockBody(value)
    ? Object.entries(value)
        .filter(([key]) => key !== "//")
        .flatMap(([key, one]) => findSecrets(one, [...path, key]))
    : [];
};
