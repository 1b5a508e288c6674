import { openHttpSubscriptions } from "../adapters/local/http-subscriptions.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";
import { parseFinishedJob } from "../pipeline/jobs/finished-job.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { Notifier } from "../pipeline/ports/notifier.ts";
import type { CleanupStack } from "./cleanup-stack.ts";
import type { DataFolder } from "./data-folder.ts";
import { openHooks } from "./hooks.ts";
import { localBuckets, topicArns } from "./names.ts";
import type { LocalResponses } from "./responses.ts";
import { createTopicNotifier } from "./topics.ts";
import { openWebhooks } from "./webhooks.ts";

/** What receives the notifications of a runtime. */
export interface NotificationOptions {
  readonly folder: DataFolder;
  readonly configuration: Pick<Configuration, "hooks" | "webhooks">;
  readonly ports: Pick<JobPorts, "jobs" | "objects" | "clock" | "log">;
  readonly responses: Pick<LocalResponses, "sendFinishedJob">;
  /** Links a complete job's outputs into the output folder. */
  readonly linkOutputs: (job: Job) => Promise<void>;
  /** The function job-events, for the events of transcoder jobs. */
  readonly jobEvents: (event: unknown) => Promise<unknown>;
  readonly notify: (line: string) => void;
  readonly cleanup: Pick<CleanupStack, "add">;
}

/**
 * Opens the topics of a runtime and their subscribers: HTTP endpoints, hooks, webhooks, responses and the function
 * job-events.
 */
export const openNotifications = async ({
  folder,
  configuration,
  ports,
  responses,
  linkOutputs,
  jobEvents,
  notify,
  cleanup,
}: NotificationOptions) => {
  const { jobs, objects, clock, log } = ports;
  const subscriptions = await openHttpSubscriptions({
    directory: folder.subscriptions,
    initialBackoffMs: 1000,
    log,
  });
  cleanup.add(() => subscriptions.close());
  const hooks = await openHooks(configuration.hooks, {
    outputBucket: localBuckets.output,
    objects,
    jobs,
    log,
    notify,
  });
  // Closed after the workers, whose jobs may still finish.
  cleanup.add(() => hooks.close());
  const webhooks = await openWebhooks({
    webhooks: configuration.webhooks,
    directory: folder.webhooks,
    secretsDirectory: folder.webhookSecrets,
    clock,
    log,
    notify,
  });
  cleanup.add(() => webhooks.close());
  const notifier: Notifier = createTopicNotifier(folder.notifications, subscriptions, {
    [topicArns.jobs]: async (message) => {
      const { id } = message;
      const job = id === undefined ? undefined : await jobs.read(id);
      if (job?.status === "Complete") await linkOutputs(job);
      await webhooks.send(message);
      // Not the start or the end of an appearance.
      if (parseFinishedJob(message) === undefined) return;
      await responses.sendFinishedJob(message);
      await hooks.send(message);
    },
    [topicArns.transcoder]: (_message, event) => jobEvents(event),
  });
  return { notifier, subscriptions };
};
