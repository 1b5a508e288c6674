import { expect } from "chai";
import type { DeadLetter, DeadLetterQueue } from "../../../pipeline/events/dead-letters.ts";
import { type DeadLetterStore, type RedriveOptions, redriveQueue } from "../../../pipeline/events/redrive.ts";
import { buildDeadLetter, directFailure, uploadEvent } from "./dead-letter-samples.ts";

const queue: DeadLetterQueue = { name: "router-dlq", origin: "queue", target: "router" };
const directRoute: DeadLetterQueue = { name: "route-dlq", origin: "direct-route", target: "router" };
const sourceQueueArn = "arn:aws:sqs:us-east-1:123456789012:router";

/** A dead-letter queue in memory that hides received messages. */
const createStore = (letters: readonly DeadLetter[]) => {
  const stored = new Map(letters.map((letter) => [letter.id, letter]));
  const hidden = new Set<string>();
  const sent: string[] = [];
  const waits: number[] = [];
  let moveResult: number | undefined;
  const store: DeadLetterStore = {
    count: async () => stored.size - hidden.size,
    async receive() {
      const messages = [...stored.values()].filter(({ id }) => !hidden.has(id)).slice(0, 10);
      for (const { id } of messages) hidden.add(id);
      return messages;
    },
    async release(_, messages) {
      for (const { id } of messages) hidden.delete(id);
    },
    async send(target, body) {
      sent.push(`${target} ${body}`);
    },
    async remove(_, { id }) {
      stored.delete(id);
      hidden.delete(id);
    },
    async moveAll() {
      if (moveResult !== undefined) stored.clear();
      return moveResult;
    },
  };
  return {
    store,
    sent,
    waits,
    hidden,
    listIds: () => [...stored.keys()],
    moveAllWith: (count: number) => {
      moveResult = count;
    },
    redrive: (deadLetterQueue: DeadLetterQueue, options: Partial<RedriveOptions> = {}) =>
      redriveQueue(
        {
          store,
          clock: { now: () => new Date("2026-11-30T12:00:00Z") },
          wait: async (milliseconds) => waits.push(milliseconds),
        },
        deadLetterQueue,
        { isDryRun: false, signal: new AbortController().signal, ...options },
      ),
  };
};
const buildLetters = (count: number, fields: Partial<DeadLetter> = {}): readonly DeadLetter[] =>
  Array.from({ length: count }, (_, index) =>
    buildDeadLetter(`${index}`, {}, { id: `id-${index}`, ...fields }),
  );

describe("redriveQueue", () => {
  it("lets the service move messages that came from the queue alone", async () => {
    const run = createStore(buildLetters(25, { sourceQueueArn }));
    run.moveAllWith(25);
    const { counts } = await run.redrive(queue);
    expect([counts.requeue, run.sent, run.listIds(), run.hidden.size]).to.deep.equal([25, [], [], 0]);
  });

  it("sends them itself if another service sent one, if the service refuses, or with a limit", async () => {
    const [first, ...others] = buildLetters(25, { sourceQueueArn });
    if (first === undefined) throw new Error("no letter");
    const { sourceQueueArn: _, ...foreign } = first;
    const mixed = createStore([foreign, ...others]);
    mixed.moveAllWith(25);
    expect((await mixed.redrive(queue)).counts.requeue).to.equal(25);
    expect([mixed.sent.length, mixed.listIds()]).to.deep.equal([25, []]);

    const refused = createStore([first, ...others]);
    expect((await refused.redrive(queue)).counts.requeue).to.equal(25);
    expect([refused.sent.length, refused.listIds()]).to.deep.equal([25, []]);

    const limited = createStore([first, ...others]);
    limited.moveAllWith(25);
    expect((await limited.redrive(queue, { limit: 3 })).counts.requeue).to.equal(3);
    expect([limited.sent.length, limited.listIds().length, limited.hidden.size]).to.deep.equal([3, 22, 0]);
  });

  it("sends at most 50 messages a second", async () => {
    const run = createStore(buildLetters(100));
    await run.redrive(queue);
    expect(run.waits.reduce((sum, wait) => sum + wait, 0)).to.equal(2000);
  });

  it("changes nothing in a dry run, and counts by kind and error code", async () => {
    const letters = [
      buildDeadLetter(uploadEvent, directFailure, { id: "a" }),
      buildDeadLetter({ schedule: "reelway-dev-sweep" }, {}, { id: "b" }),
      buildDeadLetter("?", {}, { id: "c" }),
    ];
    const run = createStore(letters);
    expect(await run.redrive(directRoute, { isDryRun: true })).to.deep.equal({
      queue: "route-dlq",
      counts: { requeue: 0, "direct-upload": 1, schedule: 1, unknown: 1 },
      errorCodes: { NO_PERMISSIONS: 1 },
      unknownIds: ["c"],
    });
    expect([run.sent, run.listIds(), run.hidden.size]).to.deep.equal([[], ["a", "b", "c"], 0]);
  });

  it("leaves unknown messages, and those that arrive after its beginning", async () => {
    const run = createStore([
      buildDeadLetter("?", {}, { id: "unknown" }),
      buildDeadLetter(uploadEvent, {}, { id: "late", sentAt: "2026-11-30T12:00:01.000Z" }),
      buildDeadLetter(uploadEvent, {}, { id: "early" }),
    ]);
    const { counts, unknownIds } = await run.redrive(directRoute);
    expect([counts["direct-upload"], unknownIds]).to.deep.equal([1, ["unknown"]]);
    expect([run.listIds(), run.hidden.size]).to.deep.equal([["unknown", "late"], 0]);
  });

  it("returns what it received if a request fails, and sends a message twice rather than losing it", async () => {
    const run = createStore(buildLetters(12));
    const { remove } = run.store;
    let failureCount = 0;
    run.store.remove = async (name, letter) => {
      if (letter.id === "id-4" && failureCount++ === 0) throw new Error("connection lost");
      await remove(name, letter);
    };
    const failure = await run.redrive(queue).catch((cause: unknown) => cause);
    expect(String(failure)).to.include("connection lost");
    expect([run.listIds().length, run.hidden.size]).to.deep.equal([8, 0]);
    await run.redrive(queue);
    expect(run.listIds()).to.deep.equal([]);
    expect(run.sent.filter((body) => body === "router 4")).to.have.length(2);
    expect(new Set(run.sent).size).to.equal(12);
  });

  it("ends after the current message on a stop signal", async () => {
    const stop = new AbortController();
    const run = createStore(buildLetters(12));
    const { send } = run.store;
    run.store.send = async (target, body) => {
      await send(target, body);
      if (body === "2") stop.abort();
    };
    expect((await run.redrive(queue, { signal: stop.signal })).counts.requeue).to.equal(3);
    expect([run.listIds().length, run.hidden.size]).to.deep.equal([9, 0]);
  });
});
