import { expect } from "chai";
import { SourceActivity } from "../../../docker/ffmpeg/source/source-activity.ts";

describe("the activity of a source", () => {
  it("counts bytes as they arrive, waits for the next read only, and stops with its reader", async () => {
    const activity = new SourceActivity();
    let hasLeft = false;
    const store = async function* () {
      try {
        yield Buffer.from("0123");
        yield Buffer.from("4567");
      } finally {
        hasLeft = true;
      }
    };
    const chunks = activity.trackReads(store());

    const first = chunks.next();
    expect(activity.isWaiting).to.equal(true);
    expect((await first).value?.length).to.equal(4);
    expect({ bytesRead: activity.bytesRead, isWaiting: activity.isWaiting, left: hasLeft }).to.deep.equal({
      bytesRead: 4,
      isWaiting: false,
      left: false,
    });

    await chunks.return(undefined);
    expect({ bytesRead: activity.bytesRead, isWaiting: activity.isWaiting, left: hasLeft }).to.deep.equal({
      bytesRead: 4,
      isWaiting: false,
      left: true,
    });
  });

  it("stops waiting for a failed read", async () => {
    const activity = new SourceActivity();
    const store: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("broken")) }),
    };
    const cause: unknown = await activity
      .trackReads(store)
      .next()
      .catch((error: unknown) => error);
    expect(cause).to.be.an("error").with.property("message", "broken");
    expect(activity.isWaiting).to.equal(false);
  });
});
