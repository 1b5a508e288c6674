import type { WebhookSettings } from "../configuration/webhooks-schema.ts";
import { formatError } from "../errors/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { WebhookDelivery } from "./delivery.ts";
import { signDelivery } from "./signature.ts";
import type { WebhookFailure } from "./webhook-store.ts";

/** The host of a webhook has an address that must not be reached. The delivery is not retried. */
export class RefusedAddressError extends Error {}

/** Sends a request and returns the status of the response. Redirects are not followed. */
export type PostWebhook = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<number>;

/** Ports of a delivery. */
export interface DeliverPorts {
  /** @throws RefusedAddressError; any other error is temporary */
  readonly post: PostWebhook;
  /** Reads the one or two values that sign. */
  readonly readSecrets: (webhook: WebhookSettings) => Promise<readonly string[]>;
  readonly clock: Clock;
}

/** Result of one attempt. */
export type DeliveryOutcome =
  | { readonly kind: "delivered"; readonly status: number; readonly at: string }
  /** `isPermanent`: another attempt would fail too. */
  | { readonly kind: "failed"; readonly failure: WebhookFailure; readonly isPermanent: boolean };

const goneStatus = 410;

/** Makes one attempt of a delivery. Every failure is a result. */
export const deliverWebhook = async (
  { post, readSecrets, clock }: DeliverPorts,
  webhook: WebhookSettings,
  delivery: WebhookDelivery,
): Promise<DeliveryOutcome> => {
  const now = clock.now();
  const at = now.toISOString();
  try {
    const headers = signDelivery(delivery, await readSecrets(webhook), now);
    const status = await post(webhook.url, headers, delivery.body);
    if (status >= 200 && status < 300) return { kind: "delivered", status, at };
    return {
      kind: "failed",
      failure: { at, status, reason: `The endpoint returned status ${status}.` },
      isPermanent: status === goneStatus,
    };
  } catch (cause) {
    return {
      kind: "failed",
      failure: { at, reason: formatError(cause) },
      isPermanent: cause instanceof RefusedAddressError,
    };
  }
};
