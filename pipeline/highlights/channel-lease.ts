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
  /**
   * Renews the lease while an operation runs, and aborts the operation if another watcher has taken the channel.
   *
   * @throws LeaseLostError; what the operation throws
   */
  hold<T>(operation: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Seconds after which a channel is free if its watcher was killed. Long enough for one scan of segments, and short enough
 * that a playlist still has the segments that come meanwhile.
 */
export const leaseSeconds = 45;

/** Milliseconds between renewals during an operation. */
const holdIntervalMs = (leaseSeconds * 1000) / 4;

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
  const keep = async (): Promise<void> => {
    const secondsLeft = lease.expiresAt - clock.now().getTime() / 1000;
    if (secondsLeft > (leaseSeconds * 2) / 3) return;
    const renewed = await store.renewLease(lease, leaseSeconds);
    if (renewed === undefined) throw new LeaseLostError(channel);
    lease = renewed;
  };
  return {
    get current() {
      return lease;
    },
    keep,
    async hold(operation, signal) {
      const lost = new AbortController();
      const timer = setInterval(() => {
        keep().catch((cause: unknown) => {
          // After another failure, the next renewal may succeed; a lease that has expired fails the next write.
          if (cause instanceof LeaseLostError) lost.abort(cause);
        });
      }, holdIntervalMs);
      try {
        return await operation(AbortSignal.any([lost.signal, ...(signal === undefined ? [] : [signal])]));
      } catch (cause) {
        // Streams that are aborted throw an error of their own.
        signal?.throwIfAborted();
        lost.signal.throwIfAborted();
        throw cause;
      } finally {
        clearInterval(timer);
      }
    },
  };
};
