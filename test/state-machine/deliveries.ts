import { setImmediate as turn } from "node:timers/promises";

/** A queue as SQS keeps it: a message whose handler fails comes again. */
export const createDeliveries = () => {
  const messages: { readonly deliver: () => Promise<unknown>; tries: number }[] = [];
  return {
    push: (deliver: () => Promise<unknown>) => void messages.push({ deliver, tries: 0 }),
    isEmpty: () => messages.length === 0,
    /** Delivers what waits, once each. */
    async deliver(): Promise<void> {
      for (const message of messages.splice(0)) {
        message.tries += 1;
        await message.deliver().catch(() => {
          if (message.tries < 5) messages.push(message);
        });
        await turn();
      }
    },
  };
};
