/** Characters that the body of a comment or an issue may have (GitHub refuses a longer one). */
export const bodyLimit = 65_536;

/**
 * Joins lines into one body, leaving out at the end what does not fit, and saying so.
 *
 * @param pointer a sentence that says where the whole of it is
 */
export const fitBody = (lines: readonly string[], pointer: string, limit = bodyLimit): string => {
  const whole = `${lines.join("\n")}\n`;
  if (whole.length <= limit) return whole;
  const notice = `\n**This was cut.** ${pointer}\n`;
  const kept: string[] = [];
  let room = limit - notice.length;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return `${kept.join("\n")}\n${notice}`;
};
