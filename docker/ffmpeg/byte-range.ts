/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header of one range (RFC 9110, 14.1.2). Undefined: send the whole, as for a header of another
 * unit or of several ranges, which a server may ignore.
 *
 * @param bytes size of the whole
 */
export const parseRange = (
  header: string | undefined,
  bytes: number,
): ByteRange | "unsatisfiable" | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from === "") {
    const suffix = Number(to);
    return suffix === 0 || bytes === 0
      ? "unsatisfiable"
      : { start: Math.max(0, bytes - suffix), end: bytes - 1 };
  }
  const start = Number(from);
  const end = to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (start >= bytes) return "unsatisfiable";
  return to !== "" && Number(to) < start ? undefined : { start, end };
};
