import { selectChannels } from "../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { selectWebhooks } from "../pipeline/configuration/webhooks-schema.ts";
import type { DeadLetterQueue } from "../pipeline/events/dead-letters.ts";
import { findThumbnailPrefixes } from "../pipeline/routing/thumbnail-prefixes.ts";
import { buildDeploymentNames, buildDirectRouteName, type Deployment } from "./names.ts";

/** Lists the dead-letter queues of a stage. Each has the name of what it belongs to, with `-dlq`. */
export const listDeadLetterQueues = (
  deployment: Deployment,
  { routes, hooks, webhooks, channels }: Pick<Configuration, "routes" | "hooks" | "webhooks" | "channels">,
): readonly DeadLetterQueue[] => {
  const names = buildDeploymentNames(deployment);
  const ofQueue = (target: string): DeadLetterQueue => ({ name: `${target}-dlq`, origin: "queue", target });
  const ofInvocations = (name: string): DeadLetterQueue => ({ name: `${name}-dlq`, origin: "invocations" });
  return [
    ofQueue(names.router),
    ofQueue(names.jobEvents),
    ...(findThumbnailPrefixes(routes).length === 0 ? [] : [ofQueue(names.onOutput)]),
    ...(hooks.onJobFinished === undefined ? [] : [ofQueue(names.onJobFinished)]),
    ...selectWebhooks(webhooks, deployment.stage).map(
      ({ name }): DeadLetterQueue => ({
        name: `${names.webhookQueuePrefix}${name}-dlq`,
        origin: "webhook",
        webhook: name,
      }),
    ),
    ...routes
      .filter(({ trigger }) => trigger === "eventbridge")
      .map(
        ({ name }): DeadLetterQueue => ({
          name: `${buildDirectRouteName(deployment, name)}-dlq`,
          origin: "direct-route",
          target: names.router,
        }),
      ),
    ofInvocations(names.reconciler),
    ofQueue(names.transcoderDispatcher),
    ofQueue(names.transcoderEvents),
    ofInvocations(names.api),
    ofQueue(names.responseEvents),
    ...(selectChannels(channels, deployment.stage).length === 0 ? [] : [ofInvocations(names.watcher)]),
  ];
};
