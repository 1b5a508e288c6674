import { computed, signal } from "@preact/signals";
import { api, getBody } from "./client.ts";
import type { components } from "./schema.ts";

type Channel = components["schemas"]["Channel"];

/** The channels that the user sees, as they were when they were listed; undefined until then. */
export const channels = signal<readonly Channel[] | undefined>(undefined);

/** Whether the user sees any channel. */
export const hasChannels = computed(() => (channels.value?.length ?? 0) > 0);

let pending: Promise<void> | undefined;

/** Lists the channels. Concurrent callers share one request. @throws RequestError */
export const loadChannels = (): Promise<void> => {
  pending ??= getBody(api.GET("/channels", {}))
    .then(({ channels: listed }) => {
      channels.value = listed;
    })
    .finally(() => {
      pending = undefined;
    });
  return pending;
};
