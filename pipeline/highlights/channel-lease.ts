import type { Clock } from "../ports/clock.ts";
import type { AppearanceStore, Lease } from "./appearance-store.ts";

/** Another watcher has taken the channel, or the lease has expired. The run ends. */
export class LeaseLostError extends Error {
  constructor(channel: string) {
    super(`Another watcher has taken the channel ${channel}.`);
    this.name = "LeaseLostError";
  }
}

/** The lease of a channel, held by one run of a watcher. */
export interface ChannelLease {
  /** As it was last renewed. */
  readonly current: Lease;
  /** Renews the lease if less than two thirds of its time are left. @throws LeaseLostError */
  keep(): Promise<void>;
}

/**
 * Seconds after which a channel is free if its watcher was killed. Long enough for one scan of segments, and short enough
 * that a playlist still has the segments that come meanwhile.
 */
export const leaseSeconds = 45;

/** Takes the lease of a channel. @returns undefined if another watcher holds it */
export const takeLease = async (
  store: Pick<AppearanceStore, "acquireLease" | "renewLease">,
  clock: Clock,
  channel: string,
  ownerId: string,
): Promise<ChannelLease | undefined> => {
  const acquired = await store.acquireLease(channel, ownerId, leaseSeconds);
  if (acquired === undefined) return undefined;
  let lease: Lease = acquired;
  return {
    get current() {
      return lease;
    },
    async keep() {
      const secondsLeft = lease.expiresAt - clock.now().getTime() / 1000;
      if (secondsLeft > (leaseSeconds * 2) / 3) return;
      const renewed = await store.renewLease(lease, leaseSeconds);
      if (renewed === undefined) throw new LeaseLostError(channel);
      lease = renewed;
    },
  };
};
