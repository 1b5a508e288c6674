import type { ArnScope } from "../../pipeline/elastic-transcoder/api/arn.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { WorkLimits } from "../../pipeline/media/source-limits.ts";
import type { Clock, Log, Queue, Secrets } from "../../pipeline/ports/services.ts";

export interface TranscoderApiPorts {
  readonly store: TranscoderStore;
  readonly secrets: Secrets;
  /** Kicked after every new job, and when a pipeline is activated. */
  readonly dispatcher: Queue;
  readonly scope: ArnScope;
  readonly limits: WorkLimits;
  readonly clock: Clock;
  readonly log: Log;
}
