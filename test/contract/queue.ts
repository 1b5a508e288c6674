import { expect } from "chai";
import type { Queue } from "../../pipeline/ports/queue.ts";

/** A queue and its consumer. */
export interface QueueFixture {
  readonly queue: Queue;
  /** The next message that is delivered. */
  receive(): Promise<unknown>;
  close(): void;
}

/** The contract of `Queue` (pipeline/ports/queue.ts). */
export const describeQueueContract = (name: string, open: () => Promise<QueueFixture>): void => {
  describe(`the queue contract, ${name}`, () => {
    let fixture: QueueFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());
    const receive = async (count: number): Promise<readonly unknown[]> => {
      const messages: unknown[] = [];
      while (messages.length < count) messages.push(await fixture.receive());
      return messages;
    };

    it("delivers a message as JSON serializes it, even if it is changed after sending", async () => {
      const detail = { key: 'a b/"ü"\r\n😀%41+', list: [1.5, null, true], absent: undefined };
      const message = { at: new Date(0), detail };
      const serialized = JSON.parse(JSON.stringify(message));
      const sent = fixture.queue.send(message);
      detail.key = "changed";
      await sent;
      expect(await fixture.receive()).to.eql(serialized);
      await fixture.queue.send("a text");
      expect(await fixture.receive()).to.equal("a text");
    });

    it("loses no message of many sent at once", async () => {
      const messages = Array.from({ length: 40 }, (_, number) => ({ number }));
      await Promise.all(messages.map((message) => fixture.queue.send(message)));
      expect(await receive(messages.length)).to.have.deep.members(messages);
    });

    it("delivers a delayed message after a later one without a delay", async () => {
      await fixture.queue.send("later", { delaySeconds: 1.2 });
      await fixture.queue.send("now", { delaySeconds: 0 });
      expect(await receive(2)).to.eql(["now", "later"]);
    });

    it("accepts a message of 200 KB", async () => {
      const message = { text: "x".repeat(200_000) };
      await fixture.queue.send(message);
      expect(await fixture.receive()).to.eql(message);
    });
  });
};
