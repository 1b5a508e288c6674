import { expect } from "chai";
import type { Notification, Notifier } from "../../pipeline/ports/notifier.ts";

/** A notifier with two topics, and their subscriber's end. */
export interface NotifierHome {
  readonly notifier: Notifier;
  readonly topics: readonly [string, string];
  /** The next notification that the topic's subscriber gets. */
  receive(topic: string): Promise<Notification>;
}

/** What every `Notifier` holds (pipeline/ports/notifier.ts). */
export const describeNotifierContract = (name: string, open: () => Promise<NotifierHome>): void => {
  describe(`the notifier contract, ${name}`, () => {
    let home: NotifierHome;
    beforeEach(async () => {
      home = await open();
    });

    it("brings id, subject and message to the topic's subscriber as they are", async () => {
      const [topic] = home.topics;
      const message = JSON.stringify({ key: 'a "ü" \r\n😀', outputs: [] });
      const notification = { id: "job-1", subject: "Reelway: Complete", message };
      await home.notifier.publish(topic, notification);
      expect(await home.receive(topic)).to.eql(notification);
    });

    it("gives a notification that is sent again the same id", async () => {
      const [topic] = home.topics;
      const notification = { id: "job-1", subject: "Reelway: Error", message: "{}" };
      await home.notifier.publish(topic, notification);
      await home.notifier.publish(topic, notification);
      expect([await home.receive(topic), await home.receive(topic)]).to.eql([notification, notification]);
    });

    it("keeps topics apart", async () => {
      const [one, two] = home.topics;
      const made = (id: string) => ({ id, subject: "Reelway: Complete", message: "{}" });
      await home.notifier.publish(one, made("first"));
      await home.notifier.publish(two, made("second"));
      await home.notifier.publish(one, made("third"));
      expect((await home.receive(two)).id).to.equal("second");
      const ids = [(await home.receive(one)).id, (await home.receive(one)).id];
      expect(ids).to.have.members(["first", "third"]);
    });

    it("takes a message with as many outputs as a record has room for", async () => {
      const [topic] = home.topics;
      const outputs = Array.from({ length: 900 }, (_, number) => ({
        key: `${number}${"x".repeat(80)}`,
        bytes: 1,
      }));
      const notification = {
        id: "job-1",
        subject: "Reelway: Complete",
        message: JSON.stringify({ outputs }),
      };
      await home.notifier.publish(topic, notification);
      expect(await home.receive(topic)).to.eql(notification);
    });

    it("brings a message whose subject is long or no single line", async () => {
      const [topic] = home.topics;
      for (const subject of ["", "\n", "two\r\nlines\u0007", "ü".repeat(300), `${"x".repeat(98)}😀😀`]) {
        await home.notifier.publish(topic, { id: "job-1", subject, message: "{}" });
        expect(await home.receive(topic)).to.include({ id: "job-1", message: "{}" });
      }
    });
  });
};
