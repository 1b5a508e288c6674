import { setImmediate as turn } from "node:timers/promises";

/** An SQS-like queue: a message whose handler fails is delivered again. */
export const createDeliveries = () => {
  const messages: { readonly deliver: () => Promise<unknown>; receiveCount: number }[] = [];
  return {
    push: (deliver: () => Promise<unknown>) => void messages.push({ deliver, receiveCount: 0 }),
    isEmpty: () => messages.length === 0,
    /** Delivers each pending message once. */
    async deliver(): Promise<void> {
      for (const message of messages.splice(0)) {
        message.receiveCount += 1;
        await message.deliver().catch(() => {
          if (message.receiveCount < 5) messages.push(message);
        });
        await turn();
      }
    },
  };
};
