import { readFileSync } from "node:fs";
import { Construct } from "constructs";
import { CloudfrontFunction } from "#aws/cloudfront-function";

/** Properties of `ViewerRequestFunction`. */
export interface ViewerRequestFunctionProps {
  /** A change REPLACES the function. */
  readonly name: string;
  readonly description: string;
  /** Name of the file with the code in `cloudfront-functions/`, without extension. */
  readonly source: "api-request" | "output-request" | "page-request";
}

/** A CloudFront Function that handles viewer requests. */
export class ViewerRequestFunction extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, description, source }: ViewerRequestFunctionProps) {
    super(scope, id);
    this.arn = new CloudfrontFunction(this, "function", {
      name,
      comment: description,
      runtime: "cloudfront-js-2.0",
      code: readFileSync(new URL(`./cloudfront-functions/${source}.js`, import.meta.url), "utf8"),
      publish: true,
    }).arn;
  }
}
