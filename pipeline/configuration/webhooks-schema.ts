import * as z from "../schema/z.ts";

/** Events of finished jobs, by the job's final status. */
export const webhookEvents = ["job.complete", "job.error", "job.canceled"] as const;

/** Name of the one-machine runtime among the stages of a webhook. */
export const localStage = "local";

/** More would exceed the limit of a role's policy. */
export const maxWebhooks = 10;
const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/** Returns what is wrong with a webhook's URL; undefined if it is valid. */
const findUrlProblem = (text: string, stages: readonly string[] | undefined): string | undefined => {
  if (!URL.canParse(text)) return "is not a valid URL";
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (`${username}${password}` !== "")
    return "must not contain a user name or a password; the signature proves the sender";
  if (hash !== "") return "must not contain a fragment (#…)";
  const isLoopback = loopbackHosts.includes(hostname);
  if (isLoopback && stages?.every((stage) => stage === localStage))
    return ["http:", "https:"].includes(protocol) ? undefined : "must begin with http:// or https://";
  if (isLoopback)
    return `is on loopback, which only the runtime on one machine can reach; set stages: ["${localStage}"]`;
  if (protocol !== "https:") return "must begin with https://";
  // The URL parser turns every form of an IPv4 address into the dotted one.
  if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname))
    return "must have a host name, such as hooks.example.com, instead of an IP address";
  return undefined;
};

const webhookSchema = z
  .strictObject({
    name: z.string().check(
      z.regex(
        // `-dlq` ends the name of a dead-letter queue.
        /^(?!.*-dlq$)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,31}$/,
        "must be 1–32 of a–z, 0–9 and single - between them, beginning with a letter and not ending in -dlq",
      ),
    ),
    url: z.string().check(z.maxLength(2048)),
    secret: z
      .string()
      .check(
        z.regex(
          /^[A-Za-z0-9][\w/+=.@-]{0,127}$/,
          "must be the name of a secret in AWS Secrets Manager: 1–128 letters, digits and /_+=.@-",
        ),
      ),
    events: z.array(z.enum(webhookEvents)).check(z.minLength(1)),
    stages: z.optional(z.array(z.string()).check(z.minLength(1))),
  })
  .check(({ value, issues }) => {
    const message = findUrlProblem(value.url, value.stages);
    if (message !== undefined) issues.push({ code: "custom", path: ["url"], message, input: value.url });
  });

/** HTTP endpoints that receive the events of finished jobs. */
export const webhooksSchema = z._default(z.array(webhookSchema).check(z.maxLength(maxWebhooks)), []);

/** An HTTP endpoint that receives events. */
export type WebhookSettings = z.output<typeof webhookSchema>;

/**
 * Selects the webhooks of a stage. Without `stages`, a webhook belongs to every stage on AWS, and not to the runtime on
 * one machine.
 */
export const selectWebhooks = (
  webhooks: readonly WebhookSettings[],
  stage: string,
): readonly WebhookSettings[] =>
  webhooks.filter(({ stages }) => (stages === undefined ? stage !== localStage : stages.includes(stage)));
