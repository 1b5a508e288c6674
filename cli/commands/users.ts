import { Command } from "commander";
import type { UsersOptions } from "../actions/users.ts";
import { withDataOption } from "./runtime-options.ts";

/** `reelway users` */
export const usersCommand = (): Command =>
  new Command("users")
    .description("manage the users who may sign in to a runtime started with --auth")
    .addCommand(
      withDataOption(
        new Command("add")
          .description("add a user, or set a user's password, which is read from standard input")
          .argument("<name>", "name, e.g. an e-mail address"),
      ).action(async (name: string, options: UsersOptions) =>
        (await import("../actions/users.ts")).addUser(name, options),
      ),
    )
    .addCommand(
      withDataOption(
        new Command("list").description("list the users").option("--json", "print one JSON document"),
      ).action(async (options: UsersOptions) => (await import("../actions/users.ts")).listUsers(options)),
    )
    .addCommand(
      withDataOption(
        new Command("remove")
          .description("remove a user and end the user's sessions")
          .argument("<name>", "name of the user"),
      ).action(async (name: string, options: UsersOptions) =>
        (await import("../actions/users.ts")).deleteUser(name, options),
      ),
    );
