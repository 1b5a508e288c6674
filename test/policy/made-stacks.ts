const json = (document: string): string => `\${data.aws_iam_policy_document.${document}.json}`;

/**
 * Stacks for rules whose subjects the product has not, or not yet: documents instead of JSON, a route with an
 * authorizer, and what CloudFront will serve. As they stand they break no rule.
 */
export const madeStacks = (): Record<string, unknown> => ({
  "made-documents": {
    provider: { aws: [{ default_tags: [{ tags: { project: "made", stage: "made", stack: "documents" } }] }] },
    data: {
      aws_iam_policy_document: {
        reads: {
          statement: [{ effect: "Allow", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::films/*"] }],
        },
        trusts: {
          statement: [
            {
              actions: ["sts:AssumeRoleWithWebIdentity"],
              principals: [
                {
                  type: "Federated",
                  identifiers: [
                    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
                  ],
                },
              ],
              condition: [
                {
                  test: "StringEquals",
                  variable: "token.actions.githubusercontent.com:sub",
                  values: ["repo:example/films:pull_request"],
                },
                {
                  test: "StringEquals",
                  variable: "token.actions.githubusercontent.com:aud",
                  values: ["sts.amazonaws.com"],
                },
              ],
            },
          ],
        },
      },
    },
    resource: {
      aws_iam_role: {
        reader: {
          name: "made-reader",
          permissions_boundary: "arn:aws:iam::123456789012:policy/made",
          assume_role_policy: json("trusts"),
        },
      },
      aws_iam_role_policy: {
        reads: { role: "made-reader", policy: json("reads") },
      },
    },
  },
  "made-site": {
    provider: { aws: [{ default_tags: [{ tags: { project: "made", stage: "made", stack: "site" } }] }] },
    resource: {
      aws_apigatewayv2_route: { films: { route_key: "GET /films", authorization_type: "JWT" } },
      aws_cloudfront_distribution: {
        site: {
          default_root_object: "index.html",
          origin: [
            {
              domain_name: "films.s3.us-east-1.amazonaws.com",
              origin_access_control_id: "E2ORIGINACCESS",
            },
          ],
          default_cache_behavior: {
            viewer_protocol_policy: "redirect-to-https",
            response_headers_policy_id: "67f7725c-6f97-4210-82d7-5512b31e9d03",
          },
          viewer_certificate: { minimum_protocol_version: "TLSv1.2_2021" },
          logging_config: { bucket: "logs.s3.amazonaws.com" },
        },
      },
    },
  },
});
