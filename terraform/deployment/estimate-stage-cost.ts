import * as z from "zod";
import type { Deployment } from "../../modules/names.ts";
import type { TaskSize } from "../../pipeline/ports/task-runner.ts";
import { priceTable } from "../../pipeline/prices/price-table.ts";
import {
  computeIdleUsd,
  estimateThousandMinutesUsd,
  mediaConvertThousandMinutesUsd,
  type StageParts,
} from "../../pipeline/prices/stage-price.ts";
import { listResourcesOfType, type StackResources } from "../runner/stack-resources.ts";

const endpointSchema = z.looseObject({
  vpc_endpoint_type: z.string().optional(),
  subnet_ids: z.array(z.string()).default([]),
});
const webAclSchema = z.looseObject({ rule: z.array(z.unknown()).default([]) });

/** Counts the billed parts of a stage in its synthesized stacks. */
export const countStageParts = (resources: StackResources): StageParts => {
  const count = (type: string): number => (resources.get(type) ?? []).length;
  return {
    endpointZones: listResourcesOfType(resources, "aws_vpc_endpoint", endpointSchema)
      .filter(({ vpc_endpoint_type: type }) => type === "Interface")
      .reduce((sum, { subnet_ids: subnets }) => sum + subnets.length, 0),
    keys: count("aws_kms_key"),
    secrets: count("aws_secretsmanager_secret"),
    alarms: count("aws_cloudwatch_metric_alarm"),
    dashboards: count("aws_cloudwatch_dashboard"),
    consumedQueues: count("aws_lambda_event_source_mapping"),
    webAcls: count("aws_wafv2_web_acl"),
    webAclRules: listResourcesOfType(resources, "aws_wafv2_web_acl", webAclSchema).reduce(
      (sum, { rule }) => sum + rule.length,
      0,
    ),
  };
};

const formatDollars = (amount: number): string => `$${amount.toFixed(2)}`;

/**
 * Describes in one line what a stage costs while nothing runs, and per 1,000 minutes of video.
 *
 * @param size of a task of the recipe `transcode`
 */
export const describeStageCost = (
  { network, worker }: Pick<Deployment, "network" | "worker">,
  size: TaskSize,
  parts: StageParts,
): string => {
  const endpoints = computeIdleUsd({ endpointZones: parts.endpointZones });
  const minutes = estimateThousandMinutesUsd({
    ...size,
    architecture: worker.architecture,
    scratchGiB: worker.scratchGiB,
    hasPublicAddress: network === "public",
  });
  const share =
    parts.endpointZones === 0
      ? 'nothing of it for the network ("public")'
      : `${formatDollars(endpoints)} of it for interface endpoints, which network: "public" does not have`;
  return (
    `Cost at list prices of ${priceTable.region}: ${formatDollars(computeIdleUsd(parts))} a month while nothing runs, ${share}; ` +
    `about ${formatDollars(minutes)} for 1,000 minutes of 720p (AWS Elemental MediaConvert: ${formatDollars(mediaConvertThousandMinutesUsd())}). See docs/costs.md.`
  );
};
