import { Command } from "commander";
import type { AddUserOptions, RotateKeyOptions, UsersOptions } from "../actions/users.ts";
import { withAccountsOptions } from "./runtime-options.ts";

/** `reelway users` */
export const usersCommand = (): Command =>
  new Command("users")
    .description("manage the users who may sign in to a runtime started with --auth, or to a stage")
    .addCommand(
      withAccountsOptions(
        new Command("add")
          .description("add a user, or set a user's password, which is read from standard input")
          .argument("<name>", "name, e.g. an e-mail address")
          .option("--operator", "let the user see and change everything, not only the user's own uploads")
          .option("--no-operator", "make the user a member of no group"),
      ).action(async (name: string, options: AddUserOptions) =>
        (await import("../actions/users.ts")).addUser(name, options),
      ),
    )
    .addCommand(
      withAccountsOptions(
        new Command("list")
          .description("list the users: name, group and creation time, one per line")
          .option("--json", "print one JSON document"),
      ).action(async (options: UsersOptions) => (await import("../actions/users.ts")).listUsers(options)),
    )
    .addCommand(
      withAccountsOptions(
        new Command("remove")
          .description("remove a user and the user's tokens, and end the user's sessions")
          .argument("<name>", "name of the user"),
      ).action(async (name: string, options: UsersOptions) =>
        (await import("../actions/users.ts")).deleteUser(name, options),
      ),
    )
    .addCommand(
      withAccountsOptions(
        new Command("rotate-key")
          .description("replace the key that signs sessions; existing sessions stay valid until they expire")
          .option("--end-sessions", "end all sessions at once"),
      ).action(async (options: RotateKeyOptions) => (await import("../actions/users.ts")).rotateKey(options)),
    );
