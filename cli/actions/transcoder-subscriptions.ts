import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeLocation, type Subscription } from "../../runtime/client.ts";

const formatSubscriptions = (subscriptions: readonly Subscription[]): string =>
  subscriptions.map(({ topic, url }) => `${toPrintable(topic)}  ${toPrintable(url)}\n`).join("");

/** Adds a subscriber and prints it. */
export const subscribe = async (subscription: Subscription, options: RuntimeLocation): Promise<void> => {
  await (await findRuntime(options)).subscribe(subscription);
  process.stdout.write(formatSubscriptions([subscription]));
};

/** Removes a subscriber. */
export const unsubscribe = async (subscription: Subscription, options: RuntimeLocation): Promise<void> => {
  await (await findRuntime(options)).unsubscribe(subscription);
};

/** Prints the subscribers. */
export const listSubscriptions = async (options: RuntimeLocation): Promise<void> => {
  process.stdout.write(formatSubscriptions(await (await findRuntime(options)).listSubscriptions()));
};
