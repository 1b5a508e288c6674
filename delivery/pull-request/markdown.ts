/** Characters that the body of a comment or an issue may have (GitHub refuses a longer one). */
export const bodyLimit = 65_536;

const occurrences = (text: string, part: RegExp): number => [...text.matchAll(part)].length;

/** Ends what a cut left open, so that what follows is no part of it. */
const closed = (text: string): string => {
  const fence = occurrences(text, /^ {0,3}```/gm) % 2 === 1 ? "\n```" : "";
  const open = occurrences(text, /<details>/g) - occurrences(text, /<\/details>/g);
  return `${text}${fence}${"\n\n</details>".repeat(Math.max(0, open))}`;
};

/** Room that closing what was cut may need. */
const closing = 60;

/**
 * Joins sections into one body, cutting what does not fit at the end of a line, and saying so.
 *
 * @param head always whole
 * @param sections in order; the first that does not fit is cut, those after it are left out
 * @param pointer a sentence that says where the whole of it is
 */
export const fitBody = (
  head: string,
  sections: readonly string[],
  pointer: string,
  limit = bodyLimit,
): string => {
  const whole = [head, ...sections].join("\n\n");
  if (whole.length <= limit) return `${whole}\n`.slice(0, limit);
  const notice = `> **Cut here**: a comment on GitHub holds ${limit.toLocaleString("en")} characters. ${pointer}`;
  const room = limit - notice.length - closing - 3;
  const kept = whole.slice(0, Math.max(head.length, room));
  const lineEnd = kept.lastIndexOf("\n");
  const text = lineEnd > head.length ? kept.slice(0, lineEnd) : head;
  return `${closed(text)}\n\n${notice}\n`;
};

/** A name or a value inside a line of Markdown, shown as it is. */
export const code = (text: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text.replaceAll(/\s*\n\s*/g, " ")}${pad}${fence}`;
};
