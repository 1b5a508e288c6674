import { Hono } from "hono";
import * as z from "zod";
import { type HttpSubscriptions, loopbackUrl } from "../../adapters/local/http-subscriptions.ts";
import { limitControlBody, readJson } from "./json-body.ts";

const subscription = z.object({ topic: z.string().min(1).max(300), url: z.string().min(1).max(2048) });

/** The HTTP subscribers of this machine's topics: listed, added, removed. */
export const createSubscriptionsApi = (subscriptions: HttpSubscriptions): Hono => {
  const api = new Hono();
  const listed = () => ({ subscriptions: subscriptions.list() });
  const wanted = (given: unknown) => {
    const parsed = subscription.safeParse(given);
    if (!parsed.success) return undefined;
    const url = loopbackUrl(parsed.data.url);
    return url === undefined ? undefined : { topic: parsed.data.topic, url };
  };
  const refusal = {
    message:
      "A subscriber is a topic and a URL on this machine: http://127.0.0.1:PORT/…, http://localhost:PORT/… or http://[::1]:PORT/….",
  };
  api.use(limitControlBody());
  api.get("/", (context) => context.json(listed()));
  api.put("/", async (context) => {
    const given = wanted(await readJson(context));
    if (given === undefined) return context.json(refusal, 400);
    await subscriptions.add(given);
    return context.json(listed());
  });
  api.delete("/", async (context) => {
    const given = wanted(await readJson(context));
    if (given === undefined) return context.json(refusal, 400);
    if (!(await subscriptions.remove(given)))
      return context.json(
        {
          message: `${given.url} is not subscribed to ${given.topic}. List what is: npx reelway transcoder subscriptions`,
        },
        404,
      );
    return context.json(listed());
  });
  return api;
};
