import { Command, InvalidArgumentError, Option } from "commander";
import { type TokenScope, tokenScopes } from "../../pipeline/access/token-scope.ts";
import type { CreateTokenOptions, TokensOptions } from "../actions/tokens.ts";
import { withAccountsOptions } from "./runtime-options.ts";

const maxDays = 3660;

const parseDays = (text: string): number => {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > maxDays)
    throw new InvalidArgumentError(`A lifetime is a number of days from 1 to ${maxDays}.`);
  return days;
};

/** `reelway tokens` */
export const tokensCommand = (): Command =>
  new Command("tokens")
    .description("manage the bearer tokens of programs for a runtime started with --auth, or for a stage")
    .addCommand(
      withAccountsOptions(
        new Command("create")
          .description("create a token and print it; it cannot be shown again")
          .argument("<name>", "what uses the token, e.g. backup")
          .addOption(
            new Option("--scope <scope>", "read: requests that change nothing; write: all requests")
              .choices([...tokenScopes])
              .default("read" satisfies TokenScope),
          )
          .option("--user <name>", "user that the token acts for; without it, the token is an operator's")
          .option("--days <n>", "days until the token expires", parseDays, 90)
          .option("--json", "print one JSON document"),
      ).action(async (name: string, options: CreateTokenOptions) =>
        (await import("../actions/tokens.ts")).addToken(name, options),
      ),
    )
    .addCommand(
      withAccountsOptions(
        new Command("list")
          .description(
            "list the tokens: id, scope, expiry, the user that each acts for (or operator) and name, one per line",
          )
          .option("--json", "print one JSON document"),
      ).action(async (options: TokensOptions) => (await import("../actions/tokens.ts")).listTokens(options)),
    )
    .addCommand(
      withAccountsOptions(
        new Command("revoke").description("revoke a token").argument("<id>", "id of the token"),
      ).action(async (id: string, options: TokensOptions) =>
        (await import("../actions/tokens.ts")).deleteToken(id, options),
      ),
    );
