import { expect } from "chai";
import sinon from "sinon";
import { createIdentityProvider } from "../../../lambdas/api/oidc.ts";
import { parseIssuer } from "../../../pipeline/access/issuer.ts";

describe("an issuer", () => {
  it("is an https URL, or an http URL on loopback", () => {
    for (const text of [
      "https://accounts.google.com",
      "https://id.example.org/realms/team",
      "http://127.0.0.1:8080/realms/team",
      "http://localhost:3000",
      "http://[::1]:3000/",
    ])
      expect(parseIssuer(text), text).to.be.instanceOf(URL);
    for (const text of [
      "",
      "id.example.org",
      "http://id.example.org",
      "http://127.0.0.1.example.org",
      "http://localhost@example.org",
      "https://id.example.org/?tenant=1",
      "https://id.example.org/#a",
      "https://user:password@id.example.org",
      "https://id.example.org/.well-known/openid-configuration",
      "file:///etc/passwd",
    ])
      expect(parseIssuer(text), text).to.equal(undefined);
  });
});

describe("the sign-in with Cognito", () => {
  const issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI";
  const domain = "https://reelway.auth.eu-west-1.amazoncognito.com";
  // As a user pool answers (Amazon Cognito developer guide, "OIDC issuer endpoints").
  const metadata = {
    authorization_endpoint: `${domain}/oauth2/authorize`,
    end_session_endpoint: `${domain}/logout`,
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    revocation_endpoint: `${domain}/oauth2/revoke`,
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint: `${domain}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    userinfo_endpoint: `${domain}/oauth2/userInfo`,
  };
  let requests: string[];
  beforeEach(() => {
    requests = [];
    sinon.stub(globalThis, "fetch").callsFake(async (input) => {
      requests.push(String(input));
      return Response.json(metadata);
    });
  });
  afterEach(() => {
    sinon.restore();
  });

  it("ends at Cognito's own page for it", async () => {
    const provider = createIdentityProvider({ issuer, clientId: "client-1", groupsClaim: "cognito:groups" });
    const url = await provider.getSignOutUrl("https://videos.example.org/sign-out");

    expect(url).to.equal(
      `${domain}/logout?client_id=client-1&logout_uri=https%3A%2F%2Fvideos.example.org%2Fsign-out`,
    );
  });

  it("uses another client as soon as the site has one", async () => {
    let clientId = "client-1";
    const provider = createIdentityProvider({
      issuer,
      clientId: async () => clientId,
      groupsClaim: "cognito:groups",
    });
    const readClientId = async () => {
      const { url } = await provider.startSignIn("https://videos.example.org/sign-in/callback");
      return new URL(url).searchParams.get("client_id");
    };

    expect(await readClientId()).to.equal("client-1");
    clientId = "client-2";
    expect(await readClientId()).to.equal("client-2");
    expect(await provider.getSignOutUrl("https://videos.example.org/sign-out")).to.include(
      "client_id=client-2&",
    );
  });

  it("reads the description of the user pool once", async () => {
    const provider = createIdentityProvider({ issuer, clientId: "client-1", groupsClaim: "cognito:groups" });
    const starts = [1, 2, 3].map(() => provider.startSignIn("https://videos.example.org/sign-in/callback"));
    const urls = (await Promise.all(starts)).map(({ url }) => url);

    expect(requests).to.deep.equal([`${issuer}/.well-known/openid-configuration`]);
    expect(urls[0]).to.match(/^https:\/\/reelway\.auth\.eu-west-1\.amazoncognito\.com\/oauth2\/authorize\?/);
    expect(new Set(urls)).to.have.property("size", 3);
  });
});
