import { signal } from "@preact/signals";
import { api } from "./client.ts";

/** Whether the user sees any channel. */
export const hasChannels = signal(false);

/** Reads once whether the user sees any channel. @throws RequestError */
export const loadChannels = async (): Promise<void> => {
  const { data } = await api.GET("/channels", {});
  hasChannels.value = (data?.channels.length ?? 0) > 0;
};
