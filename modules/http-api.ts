import { Construct } from "constructs";
import { Apigatewayv2Api } from "#aws/apigatewayv2-api";
import { Apigatewayv2Integration } from "#aws/apigatewayv2-integration";
import { Apigatewayv2Route } from "#aws/apigatewayv2-route";
import { Apigatewayv2Stage } from "#aws/apigatewayv2-stage";
import { LambdaPermission } from "#aws/lambda-permission";
import type { BundledFunction } from "./function.ts";
import { LogGroup } from "./log-group.ts";

export interface HttpApiProps {
  /** A change REPLACES nothing, but the endpoint keeps its old id. */
  readonly name: string;
  readonly description: string;
  /** Answers every path. It checks the callers' signatures itself. */
  readonly lambdaFunction: BundledFunction;
  /** Requests a second, and how many at once above that. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
}

/** Fields of an access log; `$context` is API Gateway's (developer guide, "Logging variables"). */
const accessLogFormat = JSON.stringify({
  time: "$context.requestTime",
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  bytes: "$context.responseLength",
  error: "$context.integrationErrorMessage",
});

/** An HTTP API of one function, with access logs. */
export class HttpApi extends Construct {
  /** URL without a slash at its end. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const api = new Apigatewayv2Api(this, "api", {
      name: props.name,
      description: props.description,
      protocolType: "HTTP",
    });
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: props.lambdaFunction.arn,
      payloadFormatVersion: "2.0",
    });
    new Apigatewayv2Route(this, "route", {
      apiId: api.id,
      routeKey: "$default",
      target: `integrations/${integration.id}`,
    });
    const logGroup = new LogGroup(this, "logs", { name: `/aws/apigateway/${props.name}` });
    new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: logGroup.arn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: props.throttling.rateLimit,
        throttlingBurstLimit: props.throttling.burstLimit,
      },
    });
    new LambdaPermission(this, "permission", {
      statementId: "HttpApi",
      action: "lambda:InvokeFunction",
      functionName: props.lambdaFunction.name,
      principal: "apigateway.amazonaws.com",
      // API Gateway tells no account besides; the ARN holds it.
      sourceArn: `${api.executionArn}/*`,
    });
    this.endpoint = api.apiEndpoint;
  }
}
