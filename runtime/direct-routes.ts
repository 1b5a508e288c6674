import type { CreatedObject } from "../adapters/local/object-store.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import { getRouteTaskSize } from "../pipeline/routing/task-sizes.ts";
import { createDirectTaskEnvironment } from "./upload-events.ts";

/**
 * Starts the worker for uploads of routes with the trigger `eventbridge`, as their rule and its target do on AWS:
 * no record is read or written here. A start that fails is made up for by the sweep.
 */
export const createDirectRouteStarter =
  (ports: Pick<JobPorts, "configuration" | "tasks" | "outputBucket" | "log">) =>
  (object: CreatedObject): void => {
    const match = matchRoute(ports.configuration, object.key);
    if (match.kind !== "route" || match.route.trigger !== "eventbridge") return;
    const clientToken = `${computeJobId(object, match.route.name)}-direct`;
    ports.tasks
      .run({
        clientToken,
        environment: createDirectTaskEnvironment(match.route, object, ports.outputBucket),
        size: getRouteTaskSize(ports.configuration.taskSizes, match.route),
      })
      .catch((cause: unknown) =>
        ports.log.warn("A direct route's task could not be started; the sweep will claim its upload", {
          route: match.route.name,
          error: cause,
        }),
      );
  };
