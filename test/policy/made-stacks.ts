/** A stack for a rule that the product's own stacks only break with a waiver. As it is, it breaks no rule. */
export const madeStacks = (): Record<string, unknown> => ({
  "made-api": {
    provider: { aws: [{ default_tags: [{ tags: { project: "made", stage: "made", stack: "api" } }] }] },
    resource: {
      aws_apigatewayv2_route: { films: { route_key: "GET /films", authorization_type: "JWT" } },
    },
  },
});
