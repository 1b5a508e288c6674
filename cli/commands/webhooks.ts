import { Command, Option } from "commander";
import type { ListWebhooksOptions, RedeliverOptions } from "../actions/webhooks.ts";
import { withAccountsOptions } from "./runtime-options.ts";

/** `reelway webhooks` */
export const webhooksCommand = (): Command =>
  new Command("webhooks")
    .description(
      "show the webhooks of a stage, or of the runtime on this machine, and repeat failed deliveries",
    )
    .addCommand(
      withAccountsOptions(
        new Command("list")
          .description("list the webhooks with their events, their deliveries and their last failure")
          .option("--json", "print one JSON document"),
      ).action(async (options: ListWebhooksOptions) =>
        (await import("../actions/webhooks.ts")).listWebhooks(options),
      ),
    )
    .addCommand(
      withAccountsOptions(
        new Command("redeliver")
          .description(
            "queue deliveries of the dead-letter queue again, with the same webhook-id; prints these ids, one per line",
          )
          .argument("<name>", "name of the webhook")
          .option(
            "--id <id...>",
            "deliveries by webhook-id, or by the id of their job or appearance, or its beginning",
          )
          .addOption(new Option("--all-failed", "all deliveries of the dead-letter queue").conflicts("id")),
      ).action(async (name: string, options: RedeliverOptions) =>
        (await import("../actions/webhooks.ts")).redeliverWebhook(name, options),
      ),
    );
