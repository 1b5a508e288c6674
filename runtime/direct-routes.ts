import type { CreatedObject } from "../adapters/local/object-store.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { isStartedDirectly } from "../pipeline/routing/direct-match.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import { getRouteTaskSize } from "../pipeline/routing/task-sizes.ts";
import { createDirectTaskEnvironment } from "./upload-events.ts";

/**
 * Creates a function that starts the worker for uploads of routes with the trigger `eventbridge`, like the rule's target
 * on AWS. It reads and writes no record. If the start fails, the sweep claims the upload.
 */
export const createDirectRouteStarter =
  (ports: Pick<JobPorts, "configuration" | "tasks" | "outputBucket" | "log">) =>
  (object: CreatedObject): void => {
    const match = matchRoute(ports.configuration, object.key);
    if (match.kind !== "route" || !isStartedDirectly(match.route, object.key)) return;
    const clientToken = `${computeJobId(object, match.route.name)}-direct`;
    ports.tasks
      .run({
        clientToken,
        environment: createDirectTaskEnvironment(match.route, object, ports.outputBucket),
        size: getRouteTaskSize(ports.configuration.taskSizes, match.route),
      })
      .catch((cause: unknown) =>
        ports.log.warn("Could not start the task of a direct route; the sweep claims its upload", {
          route: match.route.name,
          error: cause,
        }),
      );
  };
