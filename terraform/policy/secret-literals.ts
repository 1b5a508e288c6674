import { isBody } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";

/** What secrets look like, wherever they stand. */
const shapes: readonly (readonly [kind: string, shape: RegExp])[] = [
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
const awsSecret = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** Bits a character carries in a text. */
const entropy = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => {
    const share = count / text.length;
    return bits - share * Math.log2(share);
  }, 0);
};
const isRandom = (text: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) && entropy(text) > 4.2;
/** Names, ARNs and expressions tell where a secret is, and are none. */
const isPlace = (value: string): boolean => value === "" || value.includes("${") || value.startsWith("arn:");
/** `secretAccessKey` is named like `secret_access_key`. */
const isSecretName = (name: string): boolean =>
  secretNames.test(name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_"));
/** What an expression writes out under such a name, e.g. `jsonencode({ password = "…" })`. */
const writtenOut = (expression: string): boolean =>
  [...expression.matchAll(/(\w+)"?\s*[=:]\s*"([^"]+)"/g)].some(
    ([, name = "", value = ""]) => isSecretName(name) && !isPlace(value),
  );

/**
 * What kind of secret a named value is.
 *
 * @returns undefined where it is none
 */
export const secretIn = (name: string, value: string): string | undefined => {
  const shape = shapes.find(([, pattern]) => pattern.test(value));
  if (shape !== undefined) return shape[0];
  if ((value.match(awsSecret) ?? []).some(isRandom)) return "an AWS secret key";
  return (isSecretName(name) && !isPlace(value)) || (value.includes("${") && writtenOut(value))
    ? "a secret that is written out"
    : undefined;
};

/** A secret and where it stands in a block. */
export interface FoundSecret {
  readonly path: string;
  readonly kind: string;
}

/** All secrets in a value, JSON in its texts looked into as well. */
export const secretsIn = (value: unknown, path: readonly string[] = []): readonly FoundSecret[] => {
  if (typeof value === "string") {
    const within = /^\s*[[{]/.test(value) ? parseEmbeddedJson(value) : undefined;
    if (within !== undefined) return secretsIn(within, path);
    const kind = secretIn(path.findLast((step) => !/^\d+$/.test(step)) ?? "", value);
    return kind === undefined ? [] : [{ path: path.join("."), kind }];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => secretsIn(one, [...path, String(index)]));
  // A variable of a container says its name beside its value.
  if (isBody(value) && typeof value.name === "string" && typeof value.value === "string")
    return secretsIn(value.value, [...path, value.name]);
  return isBody(value)
    ? Object.entries(value)
        .filter(([key]) => key !== "//")
        .flatMap(([key, one]) => secretsIn(one, [...path, key]))
    : [];
};
