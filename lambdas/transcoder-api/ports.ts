import type { ArnScope } from "../../pipeline/elastic-transcoder/api/arn.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Queue } from "../../pipeline/ports/queue.ts";
import type { Secrets } from "../../pipeline/ports/secrets.ts";

export interface TranscoderApiPorts {
  readonly store: TranscoderStore;
  readonly secrets: Secrets;
  /** Receives a message after every new job and when a pipeline is activated. */
  readonly dispatcherQueue: Queue;
  readonly scope: ArnScope;
  readonly limits: MediaLimits;
  readonly clock: Clock;
  readonly log: Logger;
}
