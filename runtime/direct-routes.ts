import type { CreatedObject } from "../adapters/local/object-store.ts";
import { oneLine } from "../pipeline/errors/user-error.ts";
import { jobId } from "../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import { routeTaskSize } from "../pipeline/routing/task-sizes.ts";
import { directVariables } from "./upload-events.ts";

/**
 * Starts the worker for uploads of routes with the trigger `eventbridge`, as their rule and its target do on AWS:
 * no record is read or written here. A start that fails is made up for by the sweep.
 */
export const startDirectRoutes =
  (ports: Pick<JobPorts, "configuration" | "tasks" | "outputBucket" | "log">) =>
  (object: CreatedObject): void => {
    const match = matchRoute(ports.configuration, object.key);
    if (match.kind !== "route" || match.route.trigger !== "eventbridge") return;
    const clientToken = `${jobId(object, match.route.name)}-direct`;
    ports.tasks
      .run({
        clientToken,
        environment: directVariables(match.route, object, ports.outputBucket),
        size: routeTaskSize(ports.configuration.sizes, match.route),
      })
      .catch((cause: unknown) =>
        ports.log.warn("A direct route's task could not be started; the sweep will claim its upload", {
          route: match.route.name,
          cause: oneLine(cause),
        }),
      );
  };
