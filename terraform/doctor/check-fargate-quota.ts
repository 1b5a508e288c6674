import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import type { Deployment } from "../../modules/names.ts";
import { findLargestTaskSize, type TaskSizes } from "../../pipeline/routing/task-sizes.ts";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { withRequests } from "./failed-request.ts";
import { type Quota, renderQuotaRequest } from "./quota-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

const name = "fargate quota";

/** Quotas "Fargate On-Demand vCPU resource count" and "Fargate Spot vCPU resource count". */
const quotas = {
  FARGATE: { serviceCode: "fargate", quotaCode: "L-3032A538" },
  FARGATE_SPOT: { serviceCode: "fargate", quotaCode: "L-36FBB829" },
} as const satisfies Readonly<Record<string, Quota>>;

const cpuUnitsPerVcpu = 1024;

/** vCPUs of the tasks that the stage's settings allow at the same time. */
const computeDesiredVcpus = (
  { transcoderConcurrency }: Pick<Deployment, "transcoderConcurrency">,
  sizes: TaskSizes,
): number =>
  Math.ceil(
    Math.max(
      (transcoderConcurrency * sizes.transcode.cpu) / cpuUnitsPerVcpu,
      findLargestTaskSize(sizes).cpu / cpuUnitsPerVcpu,
    ),
  );

/**
 * Compares the quota of the account with the sizes of tasks and the number of jobs at once.
 *
 * @param vcpus vCPUs that all tasks of the account may have at once
 */
export const checkFargateQuota = (
  deployment: Pick<Deployment, "region" | "worker" | "transcoderConcurrency">,
  sizes: TaskSizes,
  vcpus: number,
): CheckResult => {
  const { region, worker, transcoderConcurrency } = deployment;
  const largest = findLargestTaskSize(sizes).cpu / cpuUnitsPerVcpu;
  const transcode = sizes.transcode.cpu / cpuUnitsPerVcpu;
  const desired = computeDesiredVcpus(deployment, sizes);
  const request = renderQuotaRequest(region, quotas[worker.capacityProvider], desired);
  if (vcpus < largest)
    return failure(
      name,
      `the account may run ${vcpus} vCPUs at once, and the largest task of the stage has ${largest}: its jobs never start`,
      `Raise the quota: ${request}; or lower taskSizes in reelway.config.ts.`,
    );
  const atOnce = `${Math.floor(vcpus / transcode)} transcode tasks of ${transcode} vCPU at once`;
  return vcpus < desired
    ? warning(
        name,
        `${vcpus} vCPUs of the account run ${atOnce}, and transcoderConcurrency is ${transcoderConcurrency}: further jobs wait`,
        `Raise the quota: ${request}; or lower transcoderConcurrency or taskSizes in reelway.config.ts.`,
      )
    : ok(name, `${vcpus} vCPUs in the account: ${atOnce}`);
};

/** Reads the quota of the account; without an own one, the default of AWS applies. */
const readQuota = async (
  client: ServiceQuotasClient,
  { serviceCode, quotaCode }: Quota,
): Promise<number | undefined> => {
  const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
  try {
    return (await client.send(new GetServiceQuotaCommand(input))).Quota?.Value;
  } catch (cause) {
    if (!(cause instanceof NoSuchResourceException)) throw cause;
    return (await client.send(new GetAWSDefaultServiceQuotaCommand(input))).Quota?.Value;
  }
};

/** Checks the vCPUs that Fargate runs for the account at once. */
export const runFargateQuotaCheck = (
  { deployment, taskSizes }: Pick<StageTarget, "deployment" | "taskSizes">,
  { quotas: client }: Pick<StageAccount, "quotas">,
): Promise<readonly CheckResult[]> =>
  withRequests(
    name,
    "servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota",
    async () => {
      const vcpus = await readQuota(client, quotas[deployment.worker.capacityProvider]);
      return vcpus === undefined
        ? warning(
            name,
            "not checked: Service Quotas returned no value",
            "Look up the vCPU quotas of AWS Fargate in the Service Quotas console.",
          )
        : checkFargateQuota(deployment, taskSizes, vcpus);
    },
  );
