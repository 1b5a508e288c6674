import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { quoteShellArgument, toPrintable } from "../../pipeline/text/format.ts";
import { type DataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import { describeProgramRisk, describePrograms } from "../../runtime/media-programs.ts";
import { type IdentityProviderOptions, startRuntime } from "../../runtime/runtime.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { onStopSignal } from "../signals.ts";

const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Options of `reelway start`. */
export interface StartOptions {
  readonly data: string;
  readonly port: number;
  readonly allowOrigin: readonly string[];
  readonly auth?: true;
  readonly oidcIssuer?: string;
  readonly oidcClientId?: string;
  readonly oidcGroupsClaim: string;
}

/** Environment variable with the client's secret at the OpenID Connect provider. */
const clientSecretVariable = "REELWAY_OIDC_CLIENT_SECRET";

/** Reads where users sign in; undefined: at the server, with a password. @throws UsageError */
const readIdentityProvider = ({
  auth,
  oidcIssuer: issuer,
  oidcClientId: clientId,
  oidcGroupsClaim: groupsClaim,
}: StartOptions): IdentityProviderOptions | undefined => {
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined || clientId === undefined || auth === undefined)
    throw new UsageError("The sign-in at a provider needs --auth, --oidc-issuer and --oidc-client-id.");
  const { [clientSecretVariable]: clientSecret = "" } = process.env;
  return {
    issuer,
    clientId,
    clientSecret: clientSecret === "" ? undefined : clientSecret,
    groupsClaim,
  };
};

/** Whether nobody can sign in or send a token. */
const hasNoAccess = async ({ accounts }: DataFolder): Promise<boolean> => {
  const { users, tokens } = await createFileAccountStore(accounts).read();
  return users.length === 0 && tokens.length === 0;
};

/** Runs the pipeline on this machine until the process is stopped. */
export const start = async (options: StartOptions): Promise<void> => {
  const { data, port, allowOrigin: allowedOrigins, auth } = options;
  const identityProvider = readIdentityProvider(options);
  const stop = new AbortController();
  const { signal } = stop;
  const stopRequested = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  onStopSignal(() => {
    printLine("Stopping. Unfinished jobs continue at the next start. Press Ctrl+C again to end at once.");
    stop.abort();
  });
  const folder = resolveDataFolder(data);
  const configuration = await readLocalConfiguration();
  const runtime = await startRuntime({
    directory: folder.root,
    port,
    configuration,
    allowedOrigins,
    requiresAuthentication: auth === true,
    identityProvider,
    signal,
    onNotice: (line) => process.stderr.write(`${toPrintable(line)}\n`),
  }).catch((cause: unknown) => {
    if (signal.aborted) return undefined;
    throw cause;
  });
  if (runtime !== undefined) {
    const advice = describeProgramRisk(runtime.programs);
    const needsUser = auth === true && identityProvider === undefined && (await hasNoAccess(folder));
    const address = `http://127.0.0.1:${runtime.port}`;
    printLine(
      [
        `Reelway is running at ${address}/`,
        "  Press Ctrl+C to stop it; all data is kept.",
        `  API reference     ${address}/reference`,
        `  copy files into   ${folder.input}`,
        `  outputs appear in ${folder.output}`,
        `  and at            ${address}/output/KEY`,
        `  transcoder API    ${address}/2012-09-25`,
        `  its keys          ${folder.transcoderKeys}`,
        `  log               ${folder.log}`,
        `  encoder           ${describePrograms(runtime.programs)}`,
        ...(auth ? [`  sign in at        ${address}/sign-in`] : []),
        ...(identityProvider ? [`  callback URL      ${address}/sign-in/callback`] : []),
        ...allowedOrigins.map((origin) => `  pages allowed     ${origin}`),
        ...(advice === undefined ? [] : [advice]),
        ...(needsUser
          ? [
              `No user and no token exists yet. To create a user: npx reelway users add NAME --operator --data ${quoteShellArgument(data)}`,
            ]
          : []),
      ].join("\n"),
    );
    const { failureSignal } = runtime;
    failureSignal.addEventListener("abort", () => stop.abort(), { once: true });
    if (failureSignal.aborted) stop.abort();
    await stopRequested;
    await runtime.close();
    failureSignal.throwIfAborted();
  }
  printLine("Stopped.");
  // A file that is still being copied is imported again at the next start.
  process.exit();
};
