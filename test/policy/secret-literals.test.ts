import { expect } from "chai";
import { findSecrets } from "../../terraform/policy/secret-literals.ts";

// In parts, so that whoever looks for secrets in this repository finds none.
const joined = (...parts: readonly string[]): string => parts.join("");
const kindsIn = (value: unknown) => findSecrets(value).map(({ path, kind }) => `${path}: ${kind}`);

describe("secretsIn", () => {
  it("finds what looks like a secret, wherever it stands", () => {
    expect(
      kindsIn({
        user: joined("AKIA", "IOSFODNN7EXAMPLE"),
        list: [{ note: joined("-----BEGIN RSA ", "PRIVATE KEY-----") }],
        url: joined("https://ghp_", "a1B2".repeat(9), "@github.com/example/films"),
        header: joined("Bearer eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".c2lnbmF0dXJl"),
        hook: joined("xoxb", "-1234567890-abcdef"),
        key: joined("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYzz4Qn9tLpV"),
      }),
    ).to.deep.equal([
      "user: an AWS access key",
      "list.0.note: a private key",
      "url: a GitHub token",
      "header: a JSON Web Token",
      "hook: a Slack token",
      "key: an AWS secret key",
    ]);
  });

  it("finds what is written out under a secret's name, in JSON and expressions too", () => {
    expect(
      kindsIn({
        secret_string: "correct horse",
        containers: JSON.stringify([{ environment: [{ name: "DB_PASSWORD", value: "correct horse" }] }]),
        secret_string_wo: `\${jsonencode({ apiKey = "correct horse" })}`,
      }),
    ).to.deep.equal([
      "secret_string: a literal secret",
      "containers.0.environment.0.DB_PASSWORD: a literal secret",
      "secret_string_wo: a literal secret",
    ]);
  });

  it("leaves names, ARNs, expressions, hashes and paths alone", () => {
    expect(
      kindsIn({
        TRANSCODER_KEYS_SECRET: "reelway-dev-transcoder-keys",
        password: `\${ephemeral.aws_secretsmanager_random_password.key.random_password}`,
        auth_token: "arn:aws:secretsmanager:us-east-1:123456789012:secret:token",
        source_code_hash: "hFNbBYeBzBXNv3tGrK3qEepTO0KvqoHfLKl+JfhqwpI=",
        digest: "1b6453892473a467d07372d45eb05abc2031647a",
        key: "reelway/Functions/router/Index123/handlers",
        secret_string_wo: `\${jsonencode({ accessKeyId = "REELWAYFULL000001", secretAccessKey = random.key })}`,
      }),
    ).to.deep.equal([]);
  });
});
