import { expect } from "chai";
import type { Notification, Notifier } from "../../pipeline/ports/notifier.ts";

/** A notifier with two topics, and their subscriber. */
export interface NotifierFixture {
  readonly notifier: Notifier;
  readonly topics: readonly [string, string];
  /** The next notification that the topic's subscriber receives. */
  receive(topic: string): Promise<Notification>;
}

/** The contract of `Notifier` (pipeline/ports/notifier.ts). */
export const describeNotifierContract = (name: string, open: () => Promise<NotifierFixture>): void => {
  describe(`the notifier contract, ${name}`, () => {
    let fixture: NotifierFixture;
    beforeEach(async () => {
      fixture = await open();
    });

    it("delivers id, subject and message unchanged to the topic's subscriber", async () => {
      const [topic] = fixture.topics;
      const message = JSON.stringify({ key: 'a "ü" \r\n😀', outputs: [] });
      const notification = { id: "job-1", subject: "Reelway: Complete", message };
      await fixture.notifier.publish(topic, notification);
      expect(await fixture.receive(topic)).to.eql(notification);
    });

    it("uses the same id for a repeated notification", async () => {
      const [topic] = fixture.topics;
      const notification = { id: "job-1", subject: "Reelway: Error", message: "{}" };
      await fixture.notifier.publish(topic, notification);
      await fixture.notifier.publish(topic, notification);
      expect([await fixture.receive(topic), await fixture.receive(topic)]).to.eql([
        notification,
        notification,
      ]);
    });

    it("keeps topics separate", async () => {
      const [one, two] = fixture.topics;
      const buildNotification = (id: string) => ({ id, subject: "Reelway: Complete", message: "{}" });
      await fixture.notifier.publish(one, buildNotification("first"));
      await fixture.notifier.publish(two, buildNotification("second"));
      await fixture.notifier.publish(one, buildNotification("third"));
      expect((await fixture.receive(two)).id).to.equal("second");
      const ids = [(await fixture.receive(one)).id, (await fixture.receive(one)).id];
      expect(ids).to.have.members(["first", "third"]);
    });

    it("accepts a message with as many outputs as a record can hold", async () => {
      const [topic] = fixture.topics;
      const outputs = Array.from({ length: 900 }, (_, number) => ({
        key: `${number}${"x".repeat(80)}`,
        bytes: 1,
      }));
      const notification = {
        id: "job-1",
        subject: "Reelway: Complete",
        message: JSON.stringify({ outputs }),
      };
      await fixture.notifier.publish(topic, notification);
      expect(await fixture.receive(topic)).to.eql(notification);
    });

    it("delivers a message with a long or multi-line subject", async () => {
      const [topic] = fixture.topics;
      for (const subject of ["", "\n", "two\r\nlines\u0007", "ü".repeat(300), `${"x".repeat(98)}😀😀`]) {
        await fixture.notifier.publish(topic, { id: "job-1", subject, message: "{}" });
        expect(await fixture.receive(topic)).to.include({ id: "job-1", message: "{}" });
      }
    });
  });
};
