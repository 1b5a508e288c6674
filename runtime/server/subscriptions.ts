import { Hono } from "hono";
import * as z from "zod";
import type { HttpSubscriptions } from "../../adapters/local/http-subscriptions.ts";
import { parseLoopbackUrl } from "../../adapters/local/loopback-url.ts";
import { limitBody } from "../../lambdas/api/problems.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { readJson } from "./json-body.ts";

const subscriptionSchema = z.object({ topic: z.string().min(1).max(300), url: z.string().min(1).max(2048) });

/** Creates the HTTP API that lists, adds and removes HTTP subscribers of topics. */
export const createSubscriptionsApi = (subscriptions: HttpSubscriptions): Hono => {
  const api = new Hono();
  const listSubscriptions = () => ({ subscriptions: subscriptions.list() });
  const parseSubscription = (body: unknown) => {
    const parsed = subscriptionSchema.safeParse(body);
    const url = parsed.success ? parseLoopbackUrl(parsed.data.url) : undefined;
    if (!parsed.success || url === undefined)
      throw new ProblemError(
        "invalid-request",
        "A subscription needs a topic and a URL on this machine: http://127.0.0.1:PORT/…, http://localhost:PORT/… or http://[::1]:PORT/….",
      );
    return { topic: parsed.data.topic, url };
  };
  api.use(limitBody());
  api.get("/", (context) => context.json(listSubscriptions()));
  api.put("/", async (context) => {
    const subscription = parseSubscription(await readJson(context));
    await subscriptions.add(subscription);
    return context.json(listSubscriptions());
  });
  api.delete("/", async (context) => {
    const subscription = parseSubscription(await readJson(context));
    if (!(await subscriptions.remove(subscription)))
      throw new ProblemError(
        "subscription-not-found",
        `${subscription.url} is not subscribed to ${subscription.topic}. To list the subscriptions: npx reelway transcoder subscriptions`,
      );
    return context.json(listSubscriptions());
  });
  return api;
};
