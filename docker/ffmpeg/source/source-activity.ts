/** Tracks reads from the object store for ffmpeg, which show its progress and its waits for the store. */
export class SourceActivity {
  #bytesRead = 0;
  #pendingReads = 0;

  /** Bytes of all inputs read from the store so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** True while a read waits for the store. The reader itself detects a stalled store, after READ_TIMEOUT_SECONDS. */
  get isWaiting(): boolean {
    return this.#pendingReads > 0;
  }

  /** Yields the same chunks and counts the time until each arrives as a wait. */
  async *trackReads(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const iterator = chunks[Symbol.asyncIterator]();
    const next = async () => {
      this.#pendingReads += 1;
      try {
        return await iterator.next();
      } finally {
        this.#pendingReads -= 1;
      }
    };
    try {
      for (let chunk = await next(); chunk.done !== true; chunk = await next()) {
        this.#bytesRead += chunk.value.length;
        yield chunk.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
}
