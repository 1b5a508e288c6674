import { Hono } from "hono";
import * as z from "zod";
import type { HttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import { parseLoopbackUrl } from "../../adapters/local/loopback-url.ts";
import { limitControlBody, readJson } from "./json-body.ts";

const subscriptionSchema = z.object({ topic: z.string().min(1).max(300), url: z.string().min(1).max(2048) });

/** Creates the HTTP API that lists, adds and removes HTTP subscribers of topics. */
export const createSubscriptionsApi = (subscriptions: HttpSubscriptions): Hono => {
  const api = new Hono();
  const listSubscriptions = () => ({ subscriptions: subscriptions.list() });
  const parseSubscription = (body: unknown) => {
    const parsed = subscriptionSchema.safeParse(body);
    if (!parsed.success) return undefined;
    const url = parseLoopbackUrl(parsed.data.url);
    return url === undefined ? undefined : { topic: parsed.data.topic, url };
  };
  const invalidSubscription = {
    message:
      "A subscription needs a topic and a URL on this machine: http://127.0.0.1:PORT/…, http://localhost:PORT/… or http://[::1]:PORT/….",
  };
  api.use(limitControlBody());
  api.get("/", (context) => context.json(listSubscriptions()));
  api.put("/", async (context) => {
    const subscription = parseSubscription(await readJson(context));
    if (subscription === undefined) return context.json(invalidSubscription, 400);
    await subscriptions.add(subscription);
    return context.json(listSubscriptions());
  });
  api.delete("/", async (context) => {
    const subscription = parseSubscription(await readJson(context));
    if (subscription === undefined) return context.json(invalidSubscription, 400);
    if (!(await subscriptions.remove(subscription)))
      return context.json(
        {
          message: `${subscription.url} is not subscribed to ${subscription.topic}. To list the subscriptions: npx reelway transcoder subscriptions`,
        },
        404,
      );
    return context.json(listSubscriptions());
  });
  return api;
};
