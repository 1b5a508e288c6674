/**
 * The content of a body in `aws-chunked` encoding: each chunk its size in hexadecimal, its bytes; trailers after
 * the empty one (Amazon S3 API reference, "Signature calculations: transferring payload in multiple chunks").
 */
export async function* decodeAwsChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffered = Buffer.alloc(0);
  let chunkBytes: number | undefined;
  for await (const piece of body) {
    buffered = Buffer.concat([buffered, piece]);
    for (;;) {
      if (chunkBytes === undefined) {
        const lineEnd = buffered.indexOf("\r\n");
        if (lineEnd < 0) break;
        chunkBytes = Number.parseInt(buffered.toString("latin1", 0, lineEnd), 16);
        buffered = buffered.subarray(lineEnd + 2);
      }
      // After the empty chunk only trailers come.
      if (chunkBytes === 0) break;
      if (buffered.length < chunkBytes + 2) break;
      yield buffered.subarray(0, chunkBytes);
      buffered = buffered.subarray(chunkBytes + 2);
      chunkBytes = undefined;
    }
  }
}
