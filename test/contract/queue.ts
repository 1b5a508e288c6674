import { expect } from "chai";
import type { Queue } from "../../pipeline/ports/queue.ts";

/** A queue, and its consumer's end. */
export interface QueueHome {
  readonly queue: Queue;
  /** The next message that is delivered. */
  receive(): Promise<unknown>;
  close(): void;
}

/** What every `Queue` holds (pipeline/ports/queue.ts). */
export const describeQueueContract = (name: string, open: () => Promise<QueueHome>): void => {
  describe(`the queue contract, ${name}`, () => {
    let home: QueueHome;
    beforeEach(async () => {
      home = await open();
    });
    afterEach(() => home.close());
    const receive = async (count: number): Promise<readonly unknown[]> => {
      const found: unknown[] = [];
      while (found.length < count) found.push(await home.receive());
      return found;
    };

    it("delivers a message as JSON keeps it, whatever becomes of it afterwards", async () => {
      const detail = { key: 'a b/"ü"\r\n😀%41+', list: [1.5, null, true], absent: undefined };
      const message = { at: new Date(0), detail };
      const kept = JSON.parse(JSON.stringify(message));
      const sent = home.queue.send(message);
      detail.key = "changed";
      await sent;
      expect(await home.receive()).to.eql(kept);
      await home.queue.send("a text");
      expect(await home.receive()).to.equal("a text");
    });

    it("loses none of many that are sent at once", async () => {
      const messages = Array.from({ length: 40 }, (_, number) => ({ number }));
      await Promise.all(messages.map((message) => home.queue.send(message)));
      expect(await receive(messages.length)).to.have.deep.members(messages);
    });

    it("delivers a delayed message after one that was sent later without a delay", async () => {
      await home.queue.send("later", { delaySeconds: 1.2 });
      await home.queue.send("now", { delaySeconds: 0 });
      expect(await receive(2)).to.eql(["now", "later"]);
    });

    it("takes a message of 200 KB", async () => {
      const message = { text: "x".repeat(200_000) };
      await home.queue.send(message);
      expect(await home.receive()).to.eql(message);
    });
  });
};
