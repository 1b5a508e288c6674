import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import * as z from "zod";
import { Testing } from "#cdktf";
import { SiteStack } from "../../stacks/site.ts";
import { describePublicKey } from "../../terraform/playback/key-record.ts";
import { account, deployment, statements, testApp } from "./synthesize-stack.ts";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/5f2d8f2e-7a4b-4a57-9d0c-1f6d3f2f8f10";
const domain = { domainName: "media.example.com", certificateArn };

const behaviorSchema = z.looseObject({ target_origin_id: z.string(), path_pattern: z.string().optional() });
const distributionSchema = z.looseObject({
  aliases: z.array(z.string()).optional(),
  origin: z.array(z.looseObject({ origin_id: z.string() })),
  default_cache_behavior: behaviorSchema,
  ordered_cache_behavior: z.array(behaviorSchema),
  custom_error_response: z.array(z.record(z.string(), z.unknown())),
  viewer_certificate: z.record(z.string(), z.unknown()),
});
const headersSchema = z.looseObject({
  security_headers_config: z.looseObject({
    content_security_policy: z.looseObject({ content_security_policy: z.string() }),
  }),
});
const stackSchema = z.looseObject({
  output: z.record(z.string(), z.object({ value: z.string() })),
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});

const newKey = () => describePublicKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const keys = [newKey(), newKey()];

/** Synthesizes the stack with some settings of the stage. */
const synthesize = (settings: Readonly<Record<string, unknown>> = {}, playbackKeys = keys) => {
  const stack = new SiteStack(testApp(), { deployment: deployment(settings), playbackKeys });
  const { resource, output } = stackSchema.parse(JSON.parse(Testing.synth(stack)));
  const all = (type: string) => Object.entries(resource[type] ?? {});
  const one = (type: string): Record<string, unknown> => {
    const [first, second] = all(type);
    if (first === undefined || second !== undefined)
      throw new Error(`There are ${all(type).length} of ${type}, not one.`);
    return first[1];
  };
  return { types: Object.keys(resource), all, one, output };
};
type Synthesized = ReturnType<typeof synthesize>;
const parseDistribution = (site: Synthesized) =>
  distributionSchema.parse(site.one("aws_cloudfront_distribution"));
const refer = (type: string, site: Synthesized, attribute: string): string =>
  `\${${type}.${site.all(type)[0]?.[0]}.${attribute}}`;

describe("SiteStack", () => {
  describe("outputs", () => {
    it("are served below /output/ with a signature only", () => {
      const site = synthesize();
      const [first] = parseDistribution(site).ordered_cache_behavior;
      const [name] =
        site.all("aws_cloudfront_function").find(([, one]) => one.name === "reelway-dev-output-request") ??
        [];

      expect(first).to.deep.include({
        path_pattern: "/output/*",
        target_origin_id: "output",
        allowed_methods: ["GET", "HEAD", "OPTIONS"],
        viewer_protocol_policy: "https-only",
        trusted_key_groups: [refer("aws_cloudfront_key_group", site, "id")],
        cache_policy_id: refer("aws_cloudfront_cache_policy", site, "id"),
        function_association: [
          { event_type: "viewer-request", function_arn: `\${aws_cloudfront_function.${name}.arn}` },
        ],
      });
      expect(parseDistribution(site).origin.find(({ origin_id }) => origin_id === "output")).to.deep.equal({
        origin_id: "output",
        domain_name: `${deployment().outputBucket}.s3.us-east-1.amazonaws.com`,
        origin_access_control_id: refer("aws_cloudfront_origin_access_control", site, "id"),
      });
    });

    it("share the cache between all viewers", () => {
      expect(
        synthesize().one("aws_cloudfront_cache_policy").parameters_in_cache_key_and_forwarded_to_origin,
      ).to.deep.include({
        cookies_config: { cookie_behavior: "none" },
        headers_config: { header_behavior: "none" },
        query_strings_config: { query_string_behavior: "none" },
      });
    });

    it("accept both keys of a rotation, whose addresses and names do not depend on their order", () => {
      const listKeys = (site: Synthesized) =>
        site.all("aws_cloudfront_public_key").map(([address, { name, encoded_key, lifecycle }]) => ({
          address,
          name,
          encoded_key,
          lifecycle,
        }));
      const both = listKeys(synthesize());

      expect(both.map(({ encoded_key }) => encoded_key)).to.have.members(keys.map(({ pem }) => pem));
      for (const { name, lifecycle } of both) {
        expect(name).to.match(/^reelway-dev-playback-[0-9a-f]{16}$/);
        // CloudFront does not delete a key of a group, so the group changes first.
        expect(lifecycle).to.deep.equal({ create_before_destroy: true });
      }
      expect(listKeys(synthesize({}, keys.toReversed()))).to.have.deep.members(both);
      expect(both).to.deep.include.members(listKeys(synthesize({}, keys.slice(0, 1))));
    });

    it("are not served without a key", () => {
      const site = synthesize({}, []);
      const { origin, ordered_cache_behavior: behaviors, default_cache_behavior } = parseDistribution(site);

      expect(origin.map(({ origin_id }) => origin_id)).to.deep.equal(["site", "api"]);
      expect(
        new Set([default_cache_behavior, ...behaviors].map(({ target_origin_id }) => target_origin_id)),
      ).to.deep.equal(new Set(["site", "api"]));
      expect(site.types).to.not.include.members(["aws_cloudfront_key_group"]);
    });
  });

  describe("the page", () => {
    it("has the same document at all paths but those of its assets", () => {
      const site = synthesize();
      const [name] =
        site.all("aws_cloudfront_function").find(([, one]) => one.name === "reelway-dev-page-request") ?? [];

      expect(parseDistribution(site).default_cache_behavior).to.deep.include({
        target_origin_id: "site",
        function_association: [
          { event_type: "viewer-request", function_arn: `\${aws_cloudfront_function.${name}.arn}` },
        ],
      });
    });

    it("has a document that replaces the old one after its assets exist, with the stage's bucket in its policy", () => {
      const site = synthesize();
      const [assets, document] = ["page_assets", "page_document"].map((address) =>
        site.all("aws_s3_object").find(([name]) => name.startsWith(address)),
      );

      expect(assets?.[1]).to.include({ cache_control: "public, max-age=31536000, immutable" });
      expect(document?.[1]).to.deep.include({
        key: "index.html",
        cache_control: "no-cache",
        depends_on: [`aws_s3_object.${assets?.[0]}`],
      });
      const { inputBucket } = deployment();
      expect(document?.[1].content).to.include(
        `connect-src 'self' https://${inputBucket}.s3.us-east-1.amazonaws.com/`,
      );
    });

    it("has headers within the quota of a response headers policy, in which its document's policy does not fit", () => {
      const policies = synthesize()
        .all("aws_cloudfront_response_headers_policy")
        .map(([, one]) => headersSchema.parse(one));

      expect(policies).to.have.length(2);
      for (const { security_headers_config: headers } of policies) {
        const { content_security_policy: policy } = headers.content_security_policy;
        expect(policy).to.include("frame-ancestors 'none'").and.have.length.below(1784);
      }
    });
  });

  describe("the API", () => {
    it("is reached with all methods, its own host and the origin secret, and is never cached", () => {
      const { ordered_cache_behavior: behaviors, origin } = parseDistribution(synthesize());
      const jobs = behaviors.find(({ path_pattern }) => path_pattern === "/jobs*");

      expect(jobs).to.deep.include({
        target_origin_id: "api",
        viewer_protocol_policy: "https-only",
        cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        origin_request_policy_id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
      });
      expect(jobs?.allowed_methods).to.have.length(7);
      const api = origin.find(({ origin_id }) => origin_id === "api");
      expect(api?.domain_name).to.equal(
        "$" + '{trimprefix(data.terraform_remote_state.api-state.outputs.endpoint, "https://")}',
      );
      expect(JSON.stringify(api?.custom_header)).to.match(
        /^\[\{"name":"x-origin-verify","value":"\$\{data\.aws_secretsmanager_secret_version\.[\w-]+\.secret_string\}"\}\]$/,
      );
    });

    it("has errors that CloudFront does not cache, because another user would see them", () => {
      const errors = parseDistribution(synthesize()).custom_error_response;

      expect(errors.map(({ error_code }) => error_code)).to.deep.equal([
        400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
      ]);
      for (const error of errors)
        expect(error)
          .to.have.all.keys("error_code", "error_caching_min_ttl")
          .and.include({ error_caching_min_ttl: 0 });
    });

    it("finds domain, keys and origin secret in a parameter", () => {
      const site = synthesize();
      const value = z.string().parse(site.one("aws_ssm_parameter").value);

      expect(site.one("aws_ssm_parameter").name).to.equal("/reelway/dev/site");
      expect(value).to.include(
        `"domainName" = ${refer("aws_cloudfront_distribution", site, "domain_name").slice(2, -1)}`,
      );
      for (const { fingerprint } of keys)
        expect(value).to.match(
          new RegExp(
            `"${fingerprint}" = aws_cloudfront_public_key\\.[\\w-]*${fingerprint.slice(0, 16)}[\\w-]*\\.id`,
          ),
        );
      expect(value).to.include(
        `"originVerifySecretArn" = ${refer("aws_secretsmanager_secret", site, "arn").slice(2, -1)}`,
      );
    });
  });

  it("lets people sign in at its own domain, unless the API has passwords", () => {
    for (const [settings, name] of [
      [{}, "CloudFront's"],
      [{ site: domain }, "a custom"],
    ] as const) {
      const site = synthesize(settings);
      const origin =
        "site" in settings
          ? "https://media.example.com"
          : `https://${refer("aws_cloudfront_distribution", site, "domain_name")}`;
      expect(site.one("aws_cognito_user_pool_client"), name).to.deep.include({
        callback_urls: [`${origin}/sign-in/callback`],
        logout_urls: [`${origin}/sign-out`],
        generate_secret: false,
      });
      expect(site.one("aws_ssm_parameter").value).to.include(
        `"cognitoClientId" = ${refer("aws_cognito_user_pool_client", site, "id").slice(2, -1)}`,
      );
    }
    const passwords = synthesize({ api: { signIn: "password", allowedOrigins: [] } });
    expect(passwords.all("aws_cognito_user_pool_client")).to.deep.equal([]);
    expect(passwords.one("aws_ssm_parameter").value).to.not.include("cognitoClientId");
  });

  it("uses CloudFront's domain and certificate, or a custom domain with TLS 1.2", () => {
    const custom = parseDistribution(synthesize({ site: domain }));

    expect(parseDistribution(synthesize()).aliases).to.equal(undefined);
    expect(parseDistribution(synthesize()).viewer_certificate).to.deep.equal({
      cloudfront_default_certificate: true,
    });
    expect(custom.aliases).to.deep.equal(["media.example.com"]);
    expect(custom.viewer_certificate).to.deep.equal({
      acm_certificate_arn: certificateArn,
      minimum_protocol_version: "TLSv1.2_2021",
      ssl_support_method: "sni-only",
    });
    expect(synthesize({ site: domain }).one("aws_ssm_parameter").value).to.include(
      '"domainName" = "media.example.com"',
    );
  });

  it("outputs its URL, and CloudFront's domain for the DNS record of a custom domain", () => {
    const site = synthesize();
    const custom = synthesize({ site: domain });

    const assignedDomain = refer("aws_cloudfront_distribution", site, "domain_name");
    expect(site.output).to.deep.equal({
      distribution_domain_name: { value: assignedDomain },
      url: { value: `https://${assignedDomain}` },
    });
    expect(custom.output.url).to.deep.equal({ value: "https://media.example.com" });
    expect(custom.output.distribution_domain_name).to.deep.equal({ value: assignedDomain });
  });

  it("has a web ACL only if asked, its own or the team's, in us-east-1", () => {
    const arn =
      "arn:aws:wafv2:us-east-1:123456789012:global/webacl/films/5f2d8f2e-7a4b-4a57-9d0c-1f6d3f2f8f10";
    const created = synthesize({ region: "eu-central-1", site: { webAcl: "create" } });

    expect(parseDistribution(synthesize())).to.not.have.property("web_acl_id");
    expect(parseDistribution(synthesize({ site: { webAcl: arn } })).web_acl_id).to.equal(arn);
    expect(parseDistribution(created).web_acl_id).to.equal(refer("aws_wafv2_web_acl", created, "arn"));
    expect(created.one("aws_wafv2_web_acl")).to.deep.include({
      scope: "CLOUDFRONT",
      provider: "aws.us-east-1",
    });
  });

  describe("uploads", () => {
    it("are allowed from the site to its own input bucket", () => {
      const site = synthesize();

      expect(site.one("aws_s3_bucket_cors_configuration")).to.deep.include({
        bucket: deployment().inputBucket,
        cors_rule: [
          {
            allowed_methods: ["PUT", "POST"],
            allowed_origins: [`https://${refer("aws_cloudfront_distribution", site, "domain_name")}`],
            allowed_headers: ["*"],
            expose_headers: ["ETag"],
            max_age_seconds: 3600,
          },
        ],
      });
      expect(
        synthesize({ site: domain }).one("aws_s3_bucket_cors_configuration"),
      ).to.have.deep.nested.property("cors_rule[0].allowed_origins", ["https://media.example.com"]);
    });

    it("are allowed from the origins that the API allows", () => {
      const allowed = synthesize({ site: domain, api: { allowedOrigins: ["https://films.example.com"] } });

      expect(allowed.one("aws_s3_bucket_cors_configuration")).to.have.deep.nested.property(
        "cors_rule[0].allowed_origins",
        ["https://media.example.com", "https://films.example.com"],
      );
    });

    it("leave the CORS configuration of an existing bucket to the team", () => {
      expect(synthesize({ existingBuckets: true }).types).to.not.include("aws_s3_bucket_cors_configuration");
    });

    for (const [inputBucket, url] of [
      ["films-in", "https://films-in.s3.us-east-1.amazonaws.com/"],
      ["films.example.com", "https://s3.us-east-1.amazonaws.com/films.example.com/"],
    ])
      it(`to ${inputBucket} are allowed by the content security policy`, () => {
        const [, document] = synthesize({ inputBucket }).all("aws_s3_object").at(-1) ?? [];
        const policy = JSON.stringify(document?.content);

        expect(policy).to.include(`connect-src 'self' ${url};`).and.include("default-src 'none';");
        expect(policy).to.not.include("unsafe");
      });
  });

  it("lets only CloudFront read the page's bucket, for the account's distributions", () => {
    const [, cloudfront] = statements(synthesize().one("aws_s3_bucket_policy").policy);

    expect(cloudfront).to.deep.include({
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::reelway-dev-site/*",
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${account}:distribution/*` } },
    });
  });

  it("delivers access logs in us-east-1 to the log bucket", () => {
    const site = synthesize({ region: "eu-central-1" });

    expect(site.one("aws_cloudwatch_log_delivery_source")).to.deep.include({
      provider: "aws.us-east-1",
      name: "reelway-dev-site",
      log_type: "ACCESS_LOGS",
      resource_arn: refer("aws_cloudfront_distribution", site, "arn"),
    });
    expect(site.one("aws_cloudwatch_log_delivery_destination")).to.deep.include({
      delivery_destination_configuration: [{ destination_resource_arn: "arn:aws:s3:::reelway-dev-logs" }],
    });
  });
});

describe("the site's settings", () => {
  for (const [what, site, message] of [
    [
      "a domain without a certificate",
      { domainName: "media.example.com" },
      "must have both domainName and certificateArn",
    ],
    ["a certificate without a domain", { certificateArn }, "must have both domainName and certificateArn"],
    [
      "a certificate of another Region",
      { ...domain, certificateArn: certificateArn.replace("us-east-1", "eu-central-1") },
      "must be the ARN of a certificate in us-east-1",
    ],
    [
      "a regional web ACL",
      { webAcl: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/films/1" },
      "must be create or the ARN of a web ACL for CloudFront, in us-east-1",
    ],
    ["a URL as domain", { ...domain, domainName: "https://media.example.com" }, "must be a domain name"],
  ] as const)
    it(`reject ${what}`, () => {
      expect(() => deployment({ site })).to.throw(message);
    });
});
