import { Command } from "commander";
import { defaultDataFolder, defaultPort } from "../../runtime/data-folder.ts";
import type { StartOptions } from "../actions/start.ts";
import { collectOrigins, parseFolder, parseIssuerUrl, parsePort } from "../arguments.ts";

/** `reelway start` */
export const startCommand = (): Command =>
  new Command("start")
    .description("run the pipeline on this machine until it is stopped")
    .option("--data <dir>", "data folder", parseFolder, defaultDataFolder)
    .option("--port <n>", "port on 127.0.0.1; 0 picks a free port", parsePort, defaultPort)
    .option(
      "--allow-origin <origin>",
      "origin whose web pages may call the server, e.g. http://localhost:3000; repeatable",
      collectOrigins,
      [],
    )
    .option("--auth", "require a sign-in or a token: see reelway users and reelway tokens")
    .option(
      "--oidc-issuer <url>",
      "with --auth: let users sign in at this OpenID Connect provider; REELWAY_OIDC_CLIENT_SECRET is the client's secret, if it has one",
      parseIssuerUrl,
    )
    .option("--oidc-client-id <id>", "client id at the OpenID Connect provider")
    .option("--oidc-groups-claim <name>", "claim of the ID token that lists a user's groups", "groups")
    .action(async (options: StartOptions) => (await import("../actions/start.ts")).start(options));
