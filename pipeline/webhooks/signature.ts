import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { UserError } from "../errors/errors.ts";
import type { WebhookDelivery } from "./delivery.ts";

const secretPrefix = "whsec_";
/** During a rotation the receiver accepts the previous secret or the new one. */
const maxSecrets = 2;
/** Standard Webhooks, "Signature scheme": between 24 and 64 bytes. */
const secretBytes = { min: 24, max: 64, generated: 32 };

/** The value of a webhook's secret cannot sign. The message never contains the value. */
export class WebhookSecretError extends UserError {}

const isSecret = (text: string): boolean => {
  const encoded = text.startsWith(secretPrefix) ? text.slice(secretPrefix.length) : "";
  const bytes = Buffer.from(encoded, "base64");
  return (
    bytes.toString("base64") === encoded && bytes.length >= secretBytes.min && bytes.length <= secretBytes.max
  );
};

/** Generates the value of a secret: `whsec_` and 32 random bytes in base64. */
export const generateWebhookSecret = (): string =>
  `${secretPrefix}${randomBytes(secretBytes.generated).toString("base64")}`;

/**
 * Parses the value of a secret: one value, or two that are separated by white space during a rotation.
 *
 * @param location for the message, e.g. `secret reelway/catalog`
 * @throws WebhookSecretError
 */
export const parseWebhookSecrets = (text: string, location: string): readonly string[] => {
  const values = text.split(/\s+/).filter((value) => value !== "");
  if (values.length >= 1 && values.length <= maxSecrets && values.every(isSecret)) return values;
  throw new WebhookSecretError(
    `The value of the ${location} cannot sign webhooks. Expected: ${secretPrefix} followed by ${secretBytes.min} to ${secretBytes.max} bytes in base64, or two such values separated by a space. Correct the value.`,
  );
};

/**
 * Builds the headers of a delivery (Standard Webhooks 1.0.0). The signature covers id, time of this attempt, and body;
 * with two secrets, the header has a signature of each.
 */
export const signDelivery = (
  { id, body }: Pick<WebhookDelivery, "id" | "body">,
  secrets: readonly string[],
  at: Date,
): Readonly<Record<string, string>> => ({
  "content-type": "application/json",
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" "),
});
