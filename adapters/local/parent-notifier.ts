import type { ChildProcess } from "node:child_process";
import { formatError } from "../../pipeline/errors/errors.ts";
import type { Notifier } from "../../pipeline/ports/notifier.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { PublishedMessage, WatcherMessage } from "./watcher-messages.ts";

/** The IPC channel of a process to the runtime that has started it. */
type ParentProcess = Pick<NodeJS.Process, "on"> & { readonly send?: NodeJS.Process["send"] };

/** Creates the notifier of a process that the runtime has started: the runtime publishes. */
export const createParentNotifier = (parent: ParentProcess): Notifier => {
  const pending = new Map<number, (failure: string | undefined) => void>();
  let lastId = 0;
  parent.on("message", (message: PublishedMessage) => pending.get(message.id)?.(message.failure));
  return {
    async publish(topic, notification) {
      lastId += 1;
      const id = lastId;
      const failure = await new Promise<string | undefined>((resolve) => {
        pending.set(id, resolve);
        parent.send?.({ kind: "publish", id, topic, notification } satisfies WatcherMessage);
      });
      pending.delete(id);
      if (failure !== undefined)
        throw new StoreFailure("transient", `Publishing to topic ${topic} failed: ${failure}`);
    },
  };
};

/** Publishes a notification for a process, and answers when it is published. */
export const publishForChild = async (
  child: Pick<ChildProcess, "send" | "connected">,
  notifier: Notifier,
  { id, topic, notification }: Extract<WatcherMessage, { readonly kind: "publish" }>,
): Promise<void> => {
  const failure = await notifier.publish(topic, notification).then(
    () => undefined,
    (cause: unknown) => formatError(cause),
  );
  const answer: PublishedMessage = { kind: "published", id, ...(failure === undefined ? {} : { failure }) };
  if (child.connected) child.send(answer);
};
