import type { JobProgress } from "../../pipeline/attempts/report.ts";
import type { Ledger } from "../../pipeline/jobs/work-order.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { Log } from "../../pipeline/ports/services.ts";

export interface HeartbeatOptions {
  readonly ledger: Ledger;
  readonly log: Log;
  readonly now: () => JobProgress;
  /** Told once, when the ledger says that the attempt is lost. */
  readonly onLost: () => void;
  /** Told once, when the ledger could not be reached for `silenceSeconds`. */
  readonly onSilence: (cause: unknown) => void;
  /** Milliseconds between two writes; under the two seconds that are promised. */
  readonly periodMs?: number;
  readonly silenceSeconds?: number;
}
export interface Heartbeat {
  /** Writes at once. False: the attempt is lost. Rejects where the ledger cannot be reached. */
  beat(probe?: Probe): Promise<boolean>;
  /** Stops writing and waits for a write under way. */
  stop(): Promise<void>;
}

/** Writes progress at least every two seconds, whether anything moves or not: it is the sign of life, too. */
export const startHeartbeat = (options: HeartbeatOptions): Heartbeat => {
  const silence = (options.silenceSeconds ?? 60) * 1000;
  let lastHeard = Date.now();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** One write at a time: of two that overtake each other the later percentage would refuse the earlier. */
  const inTurn = <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    waiting += 1;
    const turn = last.then(act).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const write = async (probe?: Probe): Promise<boolean> => {
    const kept = await options.ledger.progress(options.now(), probe);
    lastHeard = Date.now();
    if (!kept) options.onLost();
    return kept;
  };
  const tick = async (): Promise<void> => {
    try {
      await write();
    } catch (cause) {
      options.log.warn("Progress could not be written; it will be tried again", { cause: String(cause) });
      if (Date.now() - lastHeard > silence) options.onSilence(cause);
    }
  };
  const timer = setInterval(() => {
    if (waiting === 0) void inTurn(tick);
  }, options.periodMs ?? 1500);

  return {
    beat: (probe) => inTurn(() => write(probe)),
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
};
