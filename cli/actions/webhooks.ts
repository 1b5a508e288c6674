import type { WebhookSettings } from "../../pipeline/configuration/webhooks-schema.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import type { DeadLetter, WebhookStatus } from "../../pipeline/webhooks/webhook-store.ts";
import { openWebhooks, type WebhooksLocation } from "./open-webhooks.ts";

/** Options of `reelway webhooks list`. */
export interface ListWebhooksOptions extends WebhooksLocation {
  readonly json?: true;
}

/** Options of `reelway webhooks redeliver`. */
export interface RedeliverOptions extends WebhooksLocation {
  readonly id?: readonly string[];
  readonly allFailed?: true;
}

/** Shorter beginnings of an id would select deliveries by chance. */
const minIdLength = 4;

type ListedWebhook = Pick<WebhookSettings, "name" | "url" | "events"> & WebhookStatus;

/** A query may have a secret. */
const removeQuery = (url: string): string => url.replace(/\?.*$/, "?…");

const formatWebhook = ({ name, url, events, lastFailure, ...status }: ListedWebhook): string =>
  [
    `${name}  ${url}  ${events.join(",")}`,
    `  delivered ${status.delivered}, pending ${status.pending}, dead-letter ${status.deadLetter}`,
    ...(status.lastDeliveredAt === undefined ? [] : [`  last delivery ${status.lastDeliveredAt}`]),
    ...(lastFailure === undefined ? [] : [`  last failure  ${lastFailure.at}  ${lastFailure.reason}`]),
  ]
    .map((line) => `${toPrintable(line)}\n`)
    .join("");

/** Prints the webhooks in the order of the configuration. */
export const listWebhooks = async (options: ListWebhooksOptions): Promise<void> => {
  const { stage, webhooks, store } = await openWebhooks(options);
  const listed = await Promise.all(
    webhooks.map(
      async ({ name, url, events }): Promise<ListedWebhook> => ({
        name,
        url: removeQuery(url),
        events,
        ...(await store.readStatus(name)),
      }),
    ),
  );
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ stage, webhooks: listed }, null, 2)}\n`
      : listed.map(formatWebhook).join(""),
  );
  if (listed.length === 0)
    process.stderr.write(
      `Stage ${stage} has no webhooks. To add one, set webhooks in reelway.config.ts${options.stage === undefined ? ', with stages: ["local"]' : ""}.\n`,
    );
};

/** Queues deliveries of a dead-letter queue again and prints their ids. */
export const redeliverWebhook = async (name: string, options: RedeliverOptions): Promise<void> => {
  const { id: ids, allFailed } = options;
  if (ids === undefined && allFailed !== true)
    throw new UsageError("Select the deliveries with --id ID, or with --all-failed.");
  const shortId = ids?.find((id) => id.length < minIdLength);
  if (shortId !== undefined)
    throw new UsageError(`The id ${shortId} is too short. Use ${minIdLength} or more characters.`);
  const { stage, webhooks, store } = await openWebhooks(options);
  if (!webhooks.some((webhook) => webhook.name === name))
    throw new UsageError(
      `Webhook ${name} does not exist in stage ${stage}. Available webhooks: ${webhooks.map((webhook) => webhook.name).join(", ") || "none"}.`,
    );
  const matches = (id: string, delivery: DeadLetter): boolean =>
    delivery.id === id || delivery.subjectId.startsWith(id);
  const foundIds = new Set<string>();
  const redelivered = await store.redeliver(name, (delivery) => {
    if (ids === undefined) return true;
    const matchingIds = ids.filter((id) => matches(id, delivery));
    for (const id of matchingIds) foundIds.add(id);
    return matchingIds.length > 0;
  });
  process.stdout.write(redelivered.map((id) => `${id}\n`).join(""));
  const missingIds = (ids ?? []).filter((id) => !foundIds.has(id));
  if (missingIds.length > 0)
    throw new CommandError(
      `The dead-letter queue of webhook ${name} has no delivery with the id ${missingIds.join(", ")}. It was delivered, or it is still retried. To see the counts: npx reelway webhooks list${options.stage === undefined ? "" : ` --stage ${stage}`}`,
    );
  if (redelivered.length === 0)
    process.stderr.write(`The dead-letter queue of webhook ${name} is empty. No action needed.\n`);
};
