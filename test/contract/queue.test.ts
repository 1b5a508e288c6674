import { expect } from "chai";
import { createLocalQueue } from "../../adapters/local/queue.ts";
import { createArrivals } from "./arrivals.ts";
import { describeQueueContract } from "./queue.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe("the queue of one machine", () => {
  describeQueueContract("embedded", async () => {
    const arrivals = createArrivals<unknown>();
    const queue = createLocalQueue(async (message) => arrivals.arrive(message), silent);
    return { queue, receive: arrivals.take, close: () => queue.close() };
  });

  it("tries a message up to five times without blocking others, then reports it", async () => {
    const attempts: unknown[] = [];
    const exhausted = createArrivals<string>();
    const queue = createLocalQueue(
      async (message) => {
        attempts.push(message);
        if (message === "bad") throw new Error("it never works");
        if (message === "lame" && attempts.filter((one) => one === "lame").length < 3)
          throw new Error("not yet");
      },
      { ...silent, error: (message) => exhausted.arrive(message) },
      0,
    );
    for (const message of ["bad", "lame", "good"]) await queue.send(message);
    expect(await exhausted.take()).to.equal("Message dropped after 5 attempts");
    const count = (message: string) => attempts.filter((one) => one === message).length;
    expect([count("bad"), count("lame"), count("good")]).to.eql([5, 3, 1]);
    expect(attempts.slice(0, 3)).to.eql(["bad", "lame", "good"]);
    queue.close();
  });

  it("handles one message at a time, and none after it is closed", async () => {
    const steps: string[] = [];
    const queue = createLocalQueue(async (message) => {
      steps.push(`begin ${message}`);
      await new Promise(setImmediate);
      steps.push(`end ${message}`);
      if (message === 2) queue.close();
    }, silent);
    for (const number of [1, 2, 3]) await queue.send(number);
    await queue.waitUntilIdle();
    expect(steps).to.eql(["begin 1", "end 1", "begin 2", "end 2"]);
  });
});
