import { Construct } from "constructs";
import { CognitoUserGroup } from "#aws/cognito-user-group";
import { CognitoUserPool } from "#aws/cognito-user-pool";
import { CognitoUserPoolDomain } from "#aws/cognito-user-pool-domain";
import { buildNamePrefix } from "./names.ts";
import { StageStack } from "./stack.ts";
import { UserPoolClient, type UserPoolClientProps } from "./user-pool-client.ts";

/** Group whose members see and change what belongs to others. */
const operatorsGroup = "operators";

/** Properties of `UserPool`. */
export interface UserPoolProps {
  readonly name: string;
  /** See `UserPoolClientProps`. */
  readonly origins: UserPoolClientProps["origins"];
}

/**
 * A Cognito user pool whose users an administrator creates, with the hosted pages for sign-in and a client for the
 * authorization code flow with PKCE.
 */
export class UserPool extends Construct {
  readonly id: string;
  /** Issuer of the ID tokens. */
  readonly issuer: string;
  readonly clientId: string;

  constructor(scope: Construct, id: string, { name, origins }: UserPoolProps) {
    super(scope, id);
    const { arns, deployment, isProtected } = StageStack.of(this);
    const pool = new CognitoUserPool(this, "pool", {
      name,
      usernameAttributes: ["email"],
      autoVerifiedAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      passwordPolicy: {
        minimumLength: 15,
        requireLowercase: false,
        requireNumbers: false,
        requireSymbols: false,
        requireUppercase: false,
        temporaryPasswordValidityDays: 7,
      },
      deletionProtection: isProtected ? "ACTIVE" : "INACTIVE",
      lifecycle: { preventDestroy: isProtected },
    });
    new CognitoUserGroup(this, "operators", {
      name: operatorsGroup,
      userPoolId: pool.id,
      description: "See and change the uploads, jobs and videos of all users",
    });
    // Unique in the Region. Cognito refuses the names of AWS in it.
    const prefix = buildNamePrefix(deployment).replaceAll(/aws|amazon|cognito/g, "x");
    new CognitoUserPoolDomain(this, "domain", { userPoolId: pool.id, domain: `${prefix}-${arns.account}` });
    const client = new UserPoolClient(this, "client", { name, userPoolId: pool.id, origins });
    this.id = pool.id;
    this.issuer = `https://cognito-idp.${deployment.region}.amazonaws.com/${pool.id}`;
    this.clientId = client.id;
  }
}
