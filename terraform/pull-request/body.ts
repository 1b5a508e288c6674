/** Characters that the body of a comment or an issue may have (GitHub refuses a longer one). */
export const maxBodyLength = 65_536;

/**
 * Joins lines into one body, leaving out at the end what does not fit, and saying so.
 *
 * @param pointer a sentence that says where the whole of it is
 */
export const truncateBody = (
  lines: readonly string[],
  pointer: string,
  maxLength = maxBodyLength,
): string => {
  const fullText = `${lines.join("\n")}\n`;
  if (fullText.length <= maxLength) return fullText;
  const notice = `\n**This was cut.** ${pointer}\n`;
  const keptLines: string[] = [];
  let remainingLength = maxLength - notice.length;
  for (const line of lines) {
    remainingLength -= line.length + 1;
    if (remainingLength < 0) break;
    keptLines.push(line);
  }
  return `${keptLines.join("\n")}\n${notice}`;
};
