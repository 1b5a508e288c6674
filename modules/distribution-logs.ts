import { Construct } from "constructs";
import { CloudwatchLogDelivery } from "#aws/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "#aws/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "#aws/cloudwatch-log-delivery-source";
import { formatBucketArn } from "./arns.ts";
import { StageStack } from "./stack.ts";

/** Properties of `DistributionLogs`. */
export interface DistributionLogsProps {
  readonly distributionArn: string;
  /** Bucket whose policy allows the delivery; objects begin with `AWSLogs/<account>/CloudFront/`. */
  readonly logBucket: string;
}

/** Access logs of a distribution: standard logging v2, which requires no ACL on the bucket. */
export class DistributionLogs extends Construct {
  constructor(scope: Construct, id: string, { distributionArn, logBucket }: DistributionLogsProps) {
    super(scope, id);
    const { names, usEast1Provider: provider } = StageStack.of(this);
    const name = names.distributionLogs;
    const source = new CloudwatchLogDeliverySource(this, "source", {
      provider,
      name,
      logType: "ACCESS_LOGS",
      resourceArn: distributionArn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      provider,
      name,
      outputFormat: "json",
      deliveryDestinationConfiguration: [{ destinationResourceArn: formatBucketArn(logBucket) }],
    });
    new CloudwatchLogDelivery(this, "delivery", {
      provider,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
    });
  }
}
