/**
 * The content of a body in `aws-chunked` encoding: each chunk its size in hexadecimal, its bytes; trailers after
 * the empty one (Amazon S3 API reference, "Signature calculations: transferring payload in multiple chunks").
 */
export async function* awsChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffered = Buffer.alloc(0);
  let wanted: number | undefined;
  for await (const part of body) {
    buffered = Buffer.concat([buffered, part]);
    for (;;) {
      if (wanted === undefined) {
        const end = buffered.indexOf("\r\n");
        if (end < 0) break;
        wanted = Number.parseInt(buffered.toString("latin1", 0, end), 16);
        buffered = buffered.subarray(end + 2);
      }
      // After the empty chunk only trailers come.
      if (wanted === 0) break;
      if (buffered.length < wanted + 2) break;
      yield buffered.subarray(0, wanted);
      buffered = buffered.subarray(wanted + 2);
      wanted = undefined;
    }
  }
}
