import { priceTable } from "./price-table.ts";
import { type BilledTask, computeTaskUsdPerHour } from "./task-price.ts";

/** Resources of a stage that are billed while nothing runs. */
export interface StageParts {
  /** Each interface endpoint once for each Availability Zone it is in; 0: tasks have public addresses. */
  readonly endpointZones: number;
  readonly keys: number;
  readonly secrets: number;
  readonly alarms: number;
  readonly dashboards: number;
  /** Queues that a function consumes. */
  readonly consumedQueues: number;
  readonly webAcls: number;
  readonly webAclRules: number;
}

/**
 * Receive requests of an event source mapping on an empty queue in a month: five pollers with long polls of 20 seconds
 * (AWS Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export const pollsPerMonth = (5 * 3600 * priceTable.hoursPerMonth) / 20;

/** Price of one of each part in US dollars per month. */
const usdPerMonth = (): Readonly<Record<keyof StageParts, number>> => {
  const { hoursPerMonth, services } = priceTable;
  const { privatelink, kms, secretsManager, cloudwatch, sqs, waf } = services;
  return {
    endpointZones: privatelink.interfaceEndpointPerHour * hoursPerMonth,
    keys: kms.perKeyMonth,
    secrets: secretsManager.perSecretMonth,
    alarms: cloudwatch.perAlarmMonth,
    dashboards: cloudwatch.perDashboardMonth,
    consumedQueues: (pollsPerMonth / 1e6) * sqs.perMillionRequests,
    webAcls: waf.perWebAclMonth,
    webAclRules: waf.perRuleMonth,
  };
};

/** Computes what parts of a stage cost while nothing runs, US dollars per month. */
export const computeIdleUsd = (parts: Partial<StageParts>): number => {
  const prices = usdPerMonth();
  return Object.entries(parts).reduce(
    (sum, [part, count]) => sum + count * prices[part as keyof StageParts],
    0,
  );
};

/**
 * CPU time of one minute of 1080p to 720p H.264 with x264's veryfast, seconds: measured with a synthetic source, and half
 * as much again for camera footage.
 */
export const encodingCpuSecondsPerMinute = { synthetic: 41, camera: 41 * 1.5 } as const;
/** Billed time before and after the encoding: the pull of the image and the start of the worker. */
export const taskOverheadSeconds = 40;
/** Length of each source in the estimate. */
export const estimatedSourceMinutes = 10;

/** Estimates what the tasks of 1,000 minutes of video cost, one output of 720p each, in US dollars. */
export const estimateThousandMinutesUsd = (task: BilledTask): number => {
  const encodingSeconds = (1000 * encodingCpuSecondsPerMinute.camera) / (task.cpu / 1024);
  const overheadSeconds = (1000 / estimatedSourceMinutes) * taskOverheadSeconds;
  return ((encodingSeconds + overheadSeconds) / 3600) * computeTaskUsdPerHour(task);
};

/** What AWS Elemental MediaConvert costs for the same output, in US dollars. */
export const mediaConvertThousandMinutesUsd = (): number =>
  1000 * priceTable.services.mediaconvert.basicHdPerMinute;
