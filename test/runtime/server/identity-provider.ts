import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import sinon from "sinon";

const keyId = "key-1";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Claims of an ID token. */
export type Claims = Readonly<Record<string, unknown>>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs an ID token with the key of the provider. */
export const signIdToken = (claims: Claims): string => {
  const content = `${encode({ alg: "RS256", typ: "JWT", kid: keyId })}.${encode(claims)}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
};

/** Reads the claims of an ID token without verifying it. */
export const readIdToken = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** An OpenID Connect provider on loopback: the package oidc-provider. Any password is accepted. */
export interface TestIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims by name of the login; besides `sub`, which is the name. */
  readonly users: Map<string, Claims>;
  /** Changes ID tokens in the responses of the token endpoint. @default unchanged */
  changeIdToken: ((token: string) => string) | undefined;
  /** Answers all requests instead of the provider. @default none */
  override: RequestListener | undefined;
  /**
   * Starts the provider.
   *
   * @param origin of the server whose users sign in
   * @param hasClaimsInIdToken whether ID tokens have the claims of the scopes, not only the response of userinfo
   */
  register(origin: string, hasClaimsInIdToken: boolean): void;
  close(): Promise<void>;
}

/** Applies a change to the ID token of a JSON response. */
const changeResponse = (response: ServerResponse, change: (token: string) => string): void => {
  const end = response.end.bind(response);
  response.end = (body?: unknown) => {
    const tokens = JSON.parse(String(body));
    if (typeof tokens.id_token !== "string") return end(String(body));
    const text = JSON.stringify({ ...tokens, id_token: change(tokens.id_token) });
    response.setHeader("content-length", Buffer.byteLength(text));
    return end(text);
  };
};

/** Creates a provider without its warnings, which are about production. */
const createProvider = (...options: ConstructorParameters<typeof Provider>): Provider => {
  const warn = sinon.stub(console, "warn");
  try {
    return new Provider(...options);
  } finally {
    warn.restore();
  }
};

/**
 * Opens the port of a provider, which `register` then starts.
 *
 * @param host `localhost` is another site than 127.0.0.1
 */
export const openIdentityProvider = async (
  host: "127.0.0.1" | "localhost" = "127.0.0.1",
): Promise<TestIdentityProvider> => {
  let handle: RequestListener | undefined;
  const server = createServer((request, response) => {
    if (provider.override !== undefined) provider.override(request, response);
    else {
      if (provider.changeIdToken !== undefined && request.url === "/token")
        changeResponse(response, provider.changeIdToken);
      handle?.(request, response);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const issuer = `http://${host}:${port}`;
  const users = new Map<string, Claims>();
  const [clientId, clientSecret] = ["reelway", "secret of the client"];
  const provider: TestIdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    users,
    changeIdToken: undefined,
    override: undefined,
    register(origin, hasClaimsInIdToken) {
      const oidc = createProvider(issuer, {
        clients: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: [`${origin}/sign-in/callback`],
            post_logout_redirect_uris: [`${origin}/sign-out`],
          },
        ],
        claims: { openid: ["sub", "groups"], email: ["email", "email_verified"] },
        conformIdTokenClaims: !hasClaimsInIdToken,
        cookies: { keys: ["key of the cookies"] },
        jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" }] },
        ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
        pkce: { required: () => true, methods: ["S256"] },
        findAccount: (_, sub) =>
          users.has(sub) ? { accountId: sub, claims: () => ({ sub, ...users.get(sub) }) } : undefined,
      });
      handle = oidc.callback();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return provider;
};
