/** The part of an object that a Range header requests. Both ends are included. */
export type RequestedRange =
  | { readonly kind: "full" }
  | { readonly kind: "partial"; readonly start: number; readonly end: number }
  | { readonly kind: "unsatisfiable" };

/**
 * Parses a Range header of one range (RFC 9110, section 14). A header of several ranges, or of another unit, is
 * ignored, as a server may: the response is the whole object.
 *
 * @param header absent or e.g. `bytes=0-99`, `bytes=100-`, `bytes=-5`
 * @param bytes size of the object
 */
export const parseRange = (header: string | undefined, bytes: number): RequestedRange => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  const [, first, last] = match ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return { kind: "full" };
  if (first === "") {
    const length = Number(last);
    return length === 0 || bytes === 0
      ? { kind: "unsatisfiable" }
      : { kind: "partial", start: Math.max(0, bytes - length), end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < start) return { kind: "full" };
  return start >= bytes ? { kind: "unsatisfiable" } : { kind: "partial", start, end };
};
