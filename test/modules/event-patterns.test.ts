import { expect } from "chai";
import fc from "fast-check";
import { matchUploads, safeKeyPattern } from "../../modules/event-patterns.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { isSafeInTemplate, isStartedDirectly } from "../../pipeline/routing/direct-match.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import product from "../../reelway.config.ts";

/** Matches a key as EventBridge does: a backslash escapes, an asterisk stands for any text. */
const isWildcardMatch = (key: string, pattern: string): boolean => {
  const source = pattern.replaceAll(
    /\\(.)|(\*)|[^\\*]/gsu,
    (text, escaped: string | undefined, star: string | undefined) =>
      star === undefined ? (escaped ?? text).replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&") : ".*",
  );
  return new RegExp(`^${source}$`, "su").test(key);
};
const isForwarded = (prefix: string, extensions: readonly string[], key: string): boolean =>
  matchUploads("input", { prefix, extensions }).some((pattern) =>
    (pattern as { detail: { object: { key: object[] } } }).detail.object.key.some((matcher) =>
      "wildcard" in matcher
        ? isWildcardMatch(key, String(matcher.wildcard))
        : key
            .toLowerCase()
            .endsWith((matcher as { suffix: { "equals-ignore-case": string } }).suffix["equals-ignore-case"]),
    ),
  );
const [
  {
    "anything-but": { wildcard: unsafe },
  },
] = safeKeyPattern.detail.object.key;
const isLetThrough = (key: string): boolean => !unsafe.some((pattern) => isWildcardMatch(key, pattern));

const keyText = fc.string({ unit: fc.constantFrom(...'ab/.*"\\<>\n\u0001é😀 -') });
const configuration = parseConfiguration(product);

describe("the patterns of a direct route", () => {
  it("let every key through that the input transformer may insert, and of the others only control characters", () => {
    fc.assert(
      fc.property(keyText, (key) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters in question.
        const hasControlCharacter = /[\u0000-\u001f\u007f]/.test(key);
        expect(isLetThrough(key) && !hasControlCharacter).to.equal(isSafeInTemplate(key));
      }),
    );
  });

  it("start exactly the uploads of the route that the router leaves to EventBridge", () => {
    const extensions = ["jpg", "3gp"];
    fc.assert(
      fc.property(
        fc.constantFrom("", "images/", "a*b\\/"),
        keyText,
        fc.constantFrom("jpg", "JPG", "Jpg", "jPg", "3gp", "3GP", "3Gp", "png", "jpg.png", ""),
        (prefix, name, extension) => {
          const key = `${prefix}${name}.${extension}`;
          const route = { ...configuration.routes[0], trigger: "eventbridge" as const, prefix, extensions };
          const match = matchRoute({ routes: [route as never], ignored: configuration.ignored }, key);
          if (match.kind !== "route") return;
          expect(isForwarded(prefix, extensions, key) && isLetThrough(key) && isSafeInTemplate(key)).to.equal(
            isStartedDirectly(route, key),
          );
        },
      ),
    );
  });
});
