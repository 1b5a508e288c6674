import { Construct } from "constructs";
import { Apigatewayv2Api } from "#aws/apigatewayv2-api";
import { Apigatewayv2Integration } from "#aws/apigatewayv2-integration";
import { Apigatewayv2Route } from "#aws/apigatewayv2-route";
import { Apigatewayv2Stage } from "#aws/apigatewayv2-stage";
import { LambdaPermission } from "#aws/lambda-permission";
import type { BundledFunction } from "./function.ts";
import { LogGroup } from "./log-group.ts";

/** Properties of `HttpApi`. */
export interface HttpApiProps {
  /** A change replaces nothing; the endpoint keeps its id. */
  readonly name: string;
  readonly description: string;
  /** Handles all paths and verifies the signatures of requests. */
  readonly lambdaFunction: BundledFunction;
  /** Requests per second, and burst limit. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
}

/** Fields of the access log; `$context` is defined by API Gateway (developer guide, "Logging variables"). */
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

/** An HTTP API with one function and access logs. */
export class HttpApi extends Construct {
  /** URL without a trailing slash. */
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
      // API Gateway sends no source account; the ARN contains it.
      sourceArn: `${api.executionArn}/*`,
    });
    this.endpoint = api.apiEndpoint;
  }
}
