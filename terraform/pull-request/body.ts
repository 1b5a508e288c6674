/** Maximum length of a comment's or issue's body on GitHub, characters. */
export const maxBodyLength = 65_536;

/**
 * Joins lines to a body. If it is too long, drops the last lines and adds a notice.
 *
 * @param pointer a sentence with the location of the full text
 */
export const truncateBody = (
  lines: readonly string[],
  pointer: string,
  maxLength = maxBodyLength,
): string => {
  const fullText = `${lines.join("\n")}\n`;
  if (fullText.length <= maxLength) return fullText;
  const notice = `\n**Truncated.** ${pointer}\n`;
  const keptLines: string[] = [];
  let remainingLength = maxLength - notice.length;
  for (const line of lines) {
    remainingLength -= line.length + 1;
    if (remainingLength < 0) break;
    keptLines.push(line);
  }
  return `${keptLines.join("\n")}\n${notice}`;
};
