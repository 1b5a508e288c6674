import { Construct } from "constructs";
import { CognitoUserPoolClient } from "#aws/cognito-user-pool-client";
import { Lazy } from "#cdktf";

/** Properties of `UserPoolClient`. */
export interface UserPoolClientProps {
  readonly name: string;
  readonly userPoolId: string;
  /** Returns the origins whose paths end a sign-in and a sign-out. Called at the end of the synthesis. */
  readonly origins: () => readonly string[];
}

/** A public client of a Cognito user pool, for the authorization code flow with PKCE. */
export class UserPoolClient extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, userPoolId, origins }: UserPoolClientProps) {
    super(scope, id);
    const listUrls = (path: string) =>
      Lazy.listValue({ produce: () => origins().map((origin) => `${origin}${path}`) });
    // `Default` is no part of an address.
    this.id = new CognitoUserPoolClient(this, "Default", {
      name,
      userPoolId,
      generateSecret: false,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ["code"],
      allowedOauthScopes: ["openid", "email", "profile"],
      supportedIdentityProviders: ["COGNITO"],
      explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      callbackUrls: listUrls("/sign-in/callback"),
      logoutUrls: listUrls("/sign-out"),
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
    }).id;
  }
}
