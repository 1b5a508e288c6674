import { Command, InvalidArgumentError } from "commander";
import { parseLoopbackUrl } from "../../adapters/local/loopback-url.ts";
import type { RuntimeLocation } from "../../runtime/client.ts";
import { toTopicArn } from "../../runtime/names.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

const parseTopic = (text: string): string => {
  if (/^arn:aws[\w-]*:sns:[\w-]*:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(text)) return text;
  if (/^[\w-]{1,256}$/.test(text)) return toTopicArn(text);
  throw new InvalidArgumentError(
    "A topic is an SNS topic ARN or a name; NAME stands for arn:aws:sns:us-east-1:000000000000:NAME.",
  );
};

const parseUrl = (text: string): string => {
  const url = parseLoopbackUrl(text);
  if (url === undefined)
    throw new InvalidArgumentError(
      "A subscriber's URL must be on this machine: http://127.0.0.1:PORT/…, http://localhost:PORT/… or http://[::1]:PORT/….",
    );
  return url;
};

const withSubscriptionArguments = (command: Command): Command =>
  withRuntimeOptions(command)
    .argument("<topic>", "ARN or name of the topic", parseTopic)
    .argument("<url>", "URL on this machine that receives the messages", parseUrl);

/** `reelway transcoder subscribe` */
export const subscribeCommand = (): Command =>
  withSubscriptionArguments(
    new Command("subscribe").description(
      "deliver a topic's messages by HTTP to a URL on this machine, like SNS",
    ),
  ).action(async (topic: string, url: string, options: RuntimeLocation) =>
    (await import("../actions/transcoder-subscriptions.ts")).subscribe({ topic, url }, options),
  );

/** `reelway transcoder unsubscribe` */
export const unsubscribeCommand = (): Command =>
  withSubscriptionArguments(
    new Command("unsubscribe").description("remove a subscriber and its undelivered messages"),
  ).action(async (topic: string, url: string, options: RuntimeLocation) =>
    (await import("../actions/transcoder-subscriptions.ts")).unsubscribe({ topic, url }, options),
  );

/** `reelway transcoder subscriptions` */
export const subscriptionsCommand = (): Command =>
  withRuntimeOptions(
    new Command("subscriptions").description("list the subscribers: topic and URL, one per line"),
  ).action(async (options: RuntimeLocation) =>
    (await import("../actions/transcoder-subscriptions.ts")).listSubscriptions(options),
  );
