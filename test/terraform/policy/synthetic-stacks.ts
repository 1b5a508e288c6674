/**
 * A stack for a rule that the product's own stacks only violate with a waiver. It violates no rule itself.
 */
export const syntheticStacks = (): Record<string, unknown> => ({
  "made-api": {
    provider: { aws: [{ default_tags: [{ tags: { project: "made", stage: "made", stack: "api" } }] }] },
    resource: {
      aws_apigatewayv2_route: { films: { route_key: "GET /films", authorization_type: "JWT" } },
    },
  },
});
