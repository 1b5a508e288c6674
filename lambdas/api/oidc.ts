import { userGroups } from "../../pipeline/access/accounts.ts";
import { parseIssuer } from "../../pipeline/access/issuer.ts";
import type { SessionUser } from "../../pipeline/access/session.ts";
import { SignInFailure } from "./sign-in-failure.ts";

type OpenIdClient = typeof import("openid-client");

/** A client's registration at an identity provider. */
export interface IdentityProviderOptions {
  /** See `parseIssuer`. */
  readonly issuer: string;
  /** Or a function that reads it for every sign-in. */
  readonly clientId: string | (() => Promise<string>);
  /** Absent for a public client. */
  readonly clientSecret?: string | undefined;
  /** Claim of the ID token that lists a user's groups, e.g. `cognito:groups`. */
  readonly groupsClaim: string;
}

/** Values that bind the response of the identity provider to the browser that started the sign-in. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** An OpenID Connect provider where users sign in: authorization code flow with PKCE. */
export interface IdentityProvider {
  readonly issuer: string;
  /**
   * Returns the page of the provider to open.
   *
   * @throws SignInFailure
   */
  startSignIn(redirectUrl: string): Promise<{ readonly url: string; readonly checks: SignInChecks }>;
  /**
   * Exchanges the code that the provider has sent with the browser, and verifies the ID token.
   *
   * @throws SignInFailure
   */
  completeSignIn(callbackUrl: URL, checks: SignInChecks): Promise<SessionUser>;
  /**
   * Returns the page that ends the user's session at the provider; undefined if the provider has none.
   *
   * @param returnUrl page to open afterwards
   * @throws SignInFailure
   */
  getSignOutUrl(returnUrl: string): Promise<string | undefined>;
}

const timeoutSeconds = 5;
const discoveryMaxAgeMs = 3_600_000;

const isCognito = ({ hostname }: URL): boolean =>
  /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(hostname);

type FailureDescription = readonly [status: SignInFailure["status"], message: string];

const unavailable: FailureDescription = [503, "The identity provider does not respond. Try again later."];

/** Describes an error code of the provider (RFC 6749, sections 4.1.2.1 and 5.2). */
const describeProviderError = (error: string): FailureDescription => {
  switch (error) {
    case "access_denied":
      return [403, "The sign-in was canceled, or you may not use this application."];
    case "invalid_grant":
      return [400, "The sign-in has expired or was already used."];
    case "server_error":
    case "temporarily_unavailable":
      return unavailable;
    case "invalid_client":
    case "unauthorized_client":
      return [
        502,
        "The identity provider does not accept this server as a client. An administrator must check the client id and the client secret.",
      ];
    default:
      return [502, "The identity provider refused the sign-in."];
  }
};

const describeFailure = (client: OpenIdClient, cause: unknown): FailureDescription => {
  if (cause instanceof client.AuthorizationResponseError || cause instanceof client.ResponseBodyError)
    return describeProviderError(cause.error);
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED":
      return [
        502,
        "The ID token is not valid at this time. The clocks of this server and of the identity provider may differ.",
      ];
    // Without a code: no connection.
    case undefined:
    case "OAUTH_TIMEOUT":
    case "OAUTH_RESPONSE_IS_NOT_CONFORM":
      return unavailable;
    default:
      return [502, "The response of the identity provider is not valid."];
  }
};

const parseUser = (claims: Readonly<Record<string, unknown>>, groupsClaim: string): SessionUser => {
  const { sub, email, email_verified: isEmailVerified, [groupsClaim]: groups } = claims;
  if (typeof sub !== "string" || !/^[\x21-\x7e]{1,255}$/.test(sub))
    throw new SignInFailure(502, "The subject in the ID token is not valid.");
  if (typeof email !== "string" || !/^[^\s\p{C}]{1,254}$/u.test(email))
    throw new SignInFailure(
      403,
      "The identity provider has no e-mail address for you. Add one to your account there.",
    );
  if ([false, "false"].includes(isEmailVerified as boolean | string))
    throw new SignInFailure(
      403,
      "Your e-mail address is not verified. Verify it at the identity provider first.",
    );
  return {
    ownerId: sub,
    name: email.normalize("NFC").toLowerCase(),
    // The others mean nothing here, and would make the cookie too long.
    groups: userGroups.filter((group) => Array.isArray(groups) && groups.includes(group)),
  };
};

/** Creates the client of an identity provider. The provider is called when it is needed, not before. */
export const createIdentityProvider = ({
  issuer,
  clientId,
  clientSecret,
  groupsClaim,
}: IdentityProviderOptions): IdentityProvider => {
  const issuerUrl = parseIssuer(issuer);
  if (issuerUrl === undefined) throw new Error(`The issuer ${issuer} is not valid.`);
  let discovery:
    | {
        readonly clientId: string;
        readonly configuration: ReturnType<OpenIdClient["discovery"]>;
        readonly expiresAtMs: number;
      }
    | undefined;

  const discover = (client: OpenIdClient, id: string): ReturnType<OpenIdClient["discovery"]> => {
    if (discovery?.clientId === id && performance.now() < discovery.expiresAtMs)
      return discovery.configuration;
    const authenticateWithSecret = (secret: string): ReturnType<OpenIdClient["None"]> => {
      const [post, basic] = [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)];
      return (server, ...request) =>
        (server.token_endpoint_auth_methods_supported?.includes("client_secret_post") ? post : basic)(
          server,
          ...request,
        );
    };
    const configuration = client.discovery(
      issuerUrl,
      id,
      {},
      clientSecret === undefined ? client.None() : authenticateWithSecret(clientSecret),
      {
        timeout: timeoutSeconds,
        execute: [
          // Verifies the signature of ID tokens.
          client.enableNonRepudiationChecks,
          ...(issuerUrl.protocol === "http:" ? [client.allowInsecureRequests] : []),
        ],
      },
    );
    const entry = { clientId: id, configuration, expiresAtMs: performance.now() + discoveryMaxAgeMs };
    discovery = entry;
    configuration.catch(() => {
      if (discovery === entry) discovery = undefined;
    });
    return configuration;
  };
  const withConfiguration = async <Result>(
    use: (
      client: OpenIdClient,
      configuration: Awaited<ReturnType<OpenIdClient["discovery"]>>,
    ) => Result | Promise<Result>,
  ): Promise<Result> => {
    // Loaded at the first sign-in, so that it does not delay the other requests of a new instance.
    const client = await import("openid-client");
    const id = typeof clientId === "string" ? clientId : await clientId();
    try {
      return await use(client, await discover(client, id));
    } catch (cause) {
      if (cause instanceof SignInFailure) throw cause;
      throw new SignInFailure(...describeFailure(client, cause), { cause });
    }
  };

  return {
    issuer,
    startSignIn: (redirectUrl) =>
      withConfiguration(async (client, configuration) => {
        const checks: SignInChecks = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          codeVerifier: client.randomPKCECodeVerifier(),
        };
        const { href } = client.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUrl,
          scope: "openid email",
          state: checks.state,
          nonce: checks.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
          code_challenge_method: "S256",
        });
        return { url: href, checks };
      }),
    completeSignIn: (callbackUrl, { state, nonce, codeVerifier }) =>
      withConfiguration(async (client, configuration) => {
        const tokens = await client.authorizationCodeGrant(configuration, callbackUrl, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error("openid-client returned no ID token.");
        // Providers may report the e-mail address in either place (OpenID Connect Core 1.0, section 5.4).
        const canReadUser =
          claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const user = canReadUser
          ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : {};
        return parseUser({ ...user, ...claims }, groupsClaim);
      }),
    getSignOutUrl: (returnUrl) =>
      withConfiguration((client, configuration) => {
        const { authorization_endpoint: authorization, end_session_endpoint: endSession } =
          configuration.serverMetadata();
        if (isCognito(issuerUrl) && authorization !== undefined) {
          const { client_id: id } = configuration.clientMetadata();
          const query = new URLSearchParams({ client_id: id, logout_uri: returnUrl });
          return `${new URL("/logout", authorization).href}?${query}`;
        }
        return endSession === undefined
          ? undefined
          : client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnUrl }).href;
      }),
  };
};
