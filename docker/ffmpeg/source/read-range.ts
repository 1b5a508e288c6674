import { JobFailure } from "../../../pipeline/errors/job-error.ts";

/** A range of an input, bytes. */
interface InputRange {
  readonly url: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads bytes of an input from the loopback server; none if it ends before the offset.
 *
 * @throws JobFailure 3000 (retryable) if the server closes the connection
 */
export const readRange = async (
  { url, offset, length }: InputRange,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  try {
    const response = await fetch(url, {
      headers: { range: `bytes=${offset}-${offset + length - 1}` },
      signal,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.status === 416) return new Uint8Array();
    if (response.status !== 206) throw new Error(`status ${response.status}`);
    return bytes;
  } catch (cause) {
    signal.throwIfAborted();
    throw new JobFailure(3000, `The source could not be read at byte ${offset}: ${String(cause)}`, {
      retryable: true,
      cause,
    });
  }
};
