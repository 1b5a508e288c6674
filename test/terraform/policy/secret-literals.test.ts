import { expect } from "chai";
import { findSecrets } from "../../../terraform/policy/secret-literals.ts";

// Split, so that secret scanners find nothing in this repository.
const joinParts = (...parts: readonly string[]): string => parts.join("");
const listSecretKinds = (value: unknown) => findSecrets(value).map(({ path, kind }) => `${path}: ${kind}`);

describe("findSecrets", () => {
  it("finds values that look like secrets at any depth", () => {
    expect(
      listSecretKinds({
        user: joinParts("AKIA", "IOSFODNN7EXAMPLE"),
        list: [{ note: joinParts("-----BEGIN RSA ", "PRIVATE KEY-----") }],
        url: joinParts("https://ghp_", "a1B2".repeat(9), "@github.com/example/films"),
        header: joinParts("Bearer eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".c2lnbmF0dXJl"),
        hook: joinParts("xoxb", "-1234567890-abcdef"),
        key: joinParts("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYzz4Qn9tLpV"),
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

  it("finds literals under a secret's name, in JSON and expressions", () => {
    expect(
      listSecretKinds({
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

  it("ignores names, ARNs, expressions, hashes and paths", () => {
    expect(
      listSecretKinds({
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
