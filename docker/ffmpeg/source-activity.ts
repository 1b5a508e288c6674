/** What is read of the store for ffmpeg: a sign of its progress, and of a pause that is not its own. */
export class SourceActivity {
  #bytesRead = 0;
  #pendingReads = 0;

  /** Bytes of all inputs that were read of the store so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** True while the store is waited for. A store that stalls is noticed by its reader, in READ_TIMEOUT_SECONDS. */
  get isWaiting(): boolean {
    return this.#pendingReads > 0;
  }

  /** The same chunks; the time that each takes to come is a wait. */
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
