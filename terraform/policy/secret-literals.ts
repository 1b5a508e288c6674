import { isBlockBody } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";

/** Patterns of secrets. */
const secretPatterns: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["an AWS access key", /(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a GitHub token", /(?<!\w)(gh[pousr]_\w{36,}|github_pat_\w{22,})/],
  ["a Slack token", /(?<!\w)xox[abeprs]-[\w-]{10,}/],
  ["a JSON Web Token", /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
];
/** Names of attributes and variables whose literal values are secrets. */
const secretNames =
  /^(.*_)?(password|passphrase|secret_string(_wo)?|secret_binary|secret_key|secret_access_key|private_key|api_key|auth_token|access_token|client_secret)$/i;
/** Matches the length of an AWS secret access key; `isRandom` excludes paths and hashes. */
const awsSecretKeyPattern = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** Computes the Shannon entropy of a text, in bits per character. */
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
/** Whether a value refers to a secret: an ARN, an expression, or empty. */
const isReference = (value: string): boolean =>
  value === "" || value.includes("${") || value.startsWith("arn:");
/** Also matches camel case: `secretAccessKey` like `secret_access_key`. */
const isSecretName = (name: string): boolean =>
  secretNames.test(name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_"));
/** Whether an expression contains a literal under a secret's name, e.g. `jsonencode({ password = "…" })`. */
const hasSecretLiteral = (expression: string): boolean =>
  [...expression.matchAll(/(\w+)"?\s*[=:]\s*"([^"]+)"/g)].some(
    ([, name = "", value = ""]) => isSecretName(name) && !isReference(value),
  );

/**
 * Detects the kind of secret in a named value.
 *
 * @returns undefined if the value is not a secret
 */
export const detectSecret = (name: string, value: string): string | undefined => {
  const match = secretPatterns.find(([, pattern]) => pattern.test(value));
  if (match !== undefined) return match[0];
  if ((value.match(awsSecretKeyPattern) ?? []).some(isRandom)) return "an AWS secret key";
  return (isSecretName(name) && !isReference(value)) || (value.includes("${") && hasSecretLiteral(value))
    ? "a literal secret"
    : undefined;
};

/** A secret and its path in a block. */
export interface DetectedSecret {
  readonly path: string;
  readonly kind: string;
}

/** Finds all secrets in a value, including embedded JSON. */
export const findSecrets = (value: unknown, path: readonly string[] = []): readonly DetectedSecret[] => {
  if (typeof value === "string") {
    const embedded = /^\s*[[{]/.test(value) ? parseEmbeddedJson(value) : undefined;
    if (embedded !== undefined) return findSecrets(embedded, path);
    const kind = detectSecret(path.findLast((step) => !/^\d+$/.test(step)) ?? "", value);
    return kind === undefined ? [] : [{ path: path.join("."), kind }];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => findSecrets(one, [...path, String(index)]));
  // A container's variable is an object with name and value.
  if (isBlockBody(value) && typeof value.name === "string" && typeof value.value === "string")
    return findSecrets(value.value, [...path, value.name]);
  return isBlockBody(value)
    ? Object.entries(value)
        .filter(([key]) => key !== "//")
        .flatMap(([key, one]) => findSecrets(one, [...path, key]))
    : [];
};
