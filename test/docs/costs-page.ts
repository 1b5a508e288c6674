import { interfaceEndpointServices } from "../../modules/network.ts";
import { webAclRuleCount } from "../../modules/web-acl.ts";
import { sizesSchema } from "../../pipeline/configuration/sizes-schema.ts";
import { cutsPerSecond } from "../../pipeline/highlights/cut-budget.ts";
import type { TaskSize } from "../../pipeline/ports/task-runner.ts";
import { computeRekognitionUsd } from "../../pipeline/prices/detection-price.ts";
import { priceTable } from "../../pipeline/prices/price-table.ts";
import {
  computeIdleUsd,
  estimatedSourceMinutes,
  estimateThousandMinutesUsd,
  mediaConvertThousandMinutesUsd,
  type StageParts,
} from "../../pipeline/prices/stage-price.ts";
import { type BilledTask, listTaskPrices } from "../../pipeline/prices/task-price.ts";
import { pollDelaysMs } from "../../web/highlights/poll-delay.ts";
import { renderTable } from "./markdown.ts";

type Services = typeof priceTable.services;
/** A name for each service, and for each of its prices. */
type Labels = {
  readonly [Service in keyof Services]: { readonly source: string } & {
    readonly [Price in Exclude<keyof Services[Service], "source">]: string;
  };
};

const labels: Labels = {
  fargate: {
    source: "AWS Fargate",
    x86PerVcpuHour: "`X86_64`, per vCPU and hour",
    x86PerGbHour: "`X86_64`, per GB of memory and hour",
    armPerVcpuHour: "`ARM64`, per vCPU and hour",
    armPerGbHour: "`ARM64`, per GB of memory and hour",
    ephemeralStoragePerGbHour: "ephemeral storage beyond 20 GB (`worker.scratchGiB`), per GB and hour",
  },
  lambda: {
    source: "AWS Lambda",
    armPerGbSecond: "duration on ARM64, per GB-second",
    x86PerGbSecond: "duration on X86_64, per GB-second",
    perMillionRequests: "per million requests",
  },
  dynamodb: {
    source: "Amazon DynamoDB, on-demand",
    perMillionWriteRequestUnits: "per million write request units (1 KB each)",
    perMillionReadRequestUnits: "per million read request units (4 KB each)",
    storagePerGbMonth: "storage, per GB and month",
    pointInTimeRecoveryPerGbMonth: "point-in-time recovery, per GB and month",
  },
  s3: {
    source: "Amazon S3",
    standardPerGbMonth: "S3 Standard, per GB and month",
    glacierInstantRetrievalPerGbMonth: "S3 Glacier Instant Retrieval, per GB and month",
    glacierInstantRetrievalPerGbRetrieved: "S3 Glacier Instant Retrieval, per GB retrieved",
    perThousandPutRequests: "S3 Standard, per 1,000 PUT, COPY, POST or LIST requests",
    perThousandGetRequests: "S3 Standard, per 1,000 GET requests",
  },
  dataTransfer: {
    source: "Data transfer",
    outToInternetPerGb: "out of the Region to the internet, per GB",
  },
  cloudfront: {
    source: "Amazon CloudFront",
    outToInternetPerGb: "to viewers in North America and Europe, per GB",
    perTenThousandHttpsRequests: "per 10,000 HTTPS requests",
    perMillionFunctionInvocations: "CloudFront Functions, per million requests to the API and to outputs",
  },
  waf: {
    source: "AWS WAF",
    perWebAclMonth: "web ACL, per month",
    perRuleMonth: "rule or rule group of a web ACL, per month",
    perMillionRequests: "per million requests",
  },
  vpc: {
    source: "Amazon VPC",
    natGatewayPerHour: "NAT gateway, per hour (Reelway creates none)",
    natGatewayPerGb: "NAT gateway, per GB",
    publicIpv4PerHour: "public IPv4 address, per hour",
  },
  privatelink: {
    source: "AWS PrivateLink",
    interfaceEndpointPerHour: "interface endpoint, per Availability Zone and hour",
    interfaceEndpointPerGb: "interface endpoint, per GB",
  },
  rekognition: {
    source: "Amazon Rekognition",
    perImage: "label or celebrity detection, per image",
  },
  mediaconvert: {
    source: "AWS Elemental MediaConvert, tier Basic",
    basicSdPerMinute: "AVC in standard definition, per minute of output",
    basicHdPerMinute: "AVC in high definition, per minute of output",
  },
  kms: {
    source: "AWS KMS",
    perKeyMonth: "customer managed key, per month",
    perTenThousandRequests: "per 10,000 requests",
  },
  secretsManager: {
    source: "AWS Secrets Manager",
    perSecretMonth: "secret, per month",
    perTenThousandRequests: "per 10,000 requests",
  },
  cloudwatch: {
    source: "Amazon CloudWatch",
    logIngestionPerGb: "log ingestion, per GB",
    logStoragePerGbMonth: "log storage, per GB and month",
    perAlarmMonth: "alarm, per month",
    perCustomMetricMonth: "custom metric, per month",
    perDashboardMonth: "dashboard, per month",
  },
  sqs: {
    source: "Amazon SQS",
    perMillionRequests: "standard queue, per million requests",
  },
  apiGateway: {
    source: "Amazon API Gateway",
    perMillionHttpApiRequests: "HTTP API, per million requests",
  },
  cognito: {
    source: "Amazon Cognito",
    perMonthlyActiveUser: "Essentials, per user who signs in within a month, beyond 10,000 users",
  },
  ecr: {
    source: "Amazon ECR",
    storagePerGbMonth: "image storage, per GB and month",
  },
};

/** Send by SNS, receive, delete. */
const webhookRequestsPerEvent = 3;
/** One second of 256 MB. */
const webhookGbSecondsPerEvent = 0.25;

/** At least to the cent: `$0.20`, `$0.0004`. */
const formatPrice = (usd: number): string => `$${usd.toFixed(10).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
/** To the cent. */
const formatCents = (usd: number): string => `$${usd.toFixed(2)}`;
/** To a tenth of a cent. */
const formatEstimate = (usd: number): string => formatPrice(Math.round(usd * 1000) / 1000);

const renderPrices = (): string =>
  renderTable(
    ["Service", "What", "US dollars"],
    Object.entries(priceTable.services).flatMap(([service, { source, ...prices }]) => {
      const { source: name, ...descriptions } = labels[service as keyof Services];
      return Object.entries(prices).map(([price, usd]) => [
        `[${name}](${source})`,
        (descriptions as Readonly<Record<string, string>>)[price] ?? "",
        formatPrice(usd),
      ]);
    }),
  );

const estimateTaskHour = (size: TaskSize, architecture: BilledTask["architecture"]): number =>
  listTaskPrices({ ...size, architecture, scratchGiB: 0, hasPublicAddress: false }).reduce(
    (sum, { quantity, usdPerHour }) => sum + quantity * usdPerHour,
    0,
  );

const renderTaskHours = (): string =>
  renderTable(
    ["Recipe", "Default size", "`X86_64`, per hour", "`ARM64`, per hour"],
    Object.entries(sizesSchema.parse(undefined)).map(([recipe, size]) => [
      `\`${recipe}\``,
      `${size.cpu / 1024} vCPU, ${size.memory / 1024} GB`,
      formatEstimate(estimateTaskHour(size, "X86_64")),
      formatEstimate(estimateTaskHour(size, "ARM64")),
    ]),
  );

/** A run of the watcher ends before the minute is over. */
const watcherRunSeconds = 58;

const renderWatcherMonths = (): string => {
  const { armPerGbSecond, x86PerGbSecond } = priceTable.services.lambda;
  const estimate = (gib: number, intervalMinutes: number, hoursPerDay: number, perGbSecond: number) =>
    formatEstimate(
      (gib * watcherRunSeconds * 60 * priceTable.hoursPerMonth * (hoursPerDay / 24) * perGbSecond) /
        intervalMinutes,
    );
  return renderTable(
    [
      "`memoryMiB`",
      "`intervalMinutes`",
      "`activeHours` per day",
      "`X86_64`, per month",
      "`ARM64`, per month",
    ],
    (
      [
        [2, 1, 24],
        [1, 1, 24],
        [2, 5, 24],
        [2, 1, 8],
        [1, 5, 8],
      ] as const
    ).map(([gib, interval, hours]) => [
      String(gib * 1024),
      String(interval),
      String(hours),
      estimate(gib, interval, hours, x86PerGbSecond),
      estimate(gib, interval, hours, armPerGbSecond),
    ]),
  );
};

/** Seconds of a segment, and Mbit/s of a variant, in the example of the costs of a channel. */
const exampleSegmentSeconds = 6;
const exampleMbitPerSecond = 1;

/** The billed parts of stage `prod` of `reelway.config.ts`, which has interface endpoints. */
export const defaultStageParts: StageParts = {
  endpointZones: 8,
  keys: 2,
  secrets: 6,
  alarms: 14,
  dashboards: 1,
  consumedQueues: 6,
  webAcls: 0,
  webAclRules: 0,
};

const renderThousandMinutes = (): string => {
  const { transcode } = sizesSchema.parse(undefined);
  const estimate = (architecture: BilledTask["architecture"], hasPublicAddress: boolean): string =>
    formatCents(estimateThousandMinutesUsd({ ...transcode, architecture, scratchGiB: 50, hasPublicAddress }));
  return renderTable(
    ["1,000 minutes of 1080p to 720p", "US dollars"],
    [
      ['`ARM64`, `network: "public"`', estimate("ARM64", true)],
      ['`ARM64`, `network: "endpoints"`', estimate("ARM64", false)],
      ['`X86_64`, `network: "public"`', estimate("X86_64", true)],
      ['`X86_64`, `network: "endpoints"`', estimate("X86_64", false)],
      ["AWS Elemental MediaConvert, tier Basic, HD", formatCents(mediaConvertThousandMinutesUsd())],
    ],
  );
};

/**
 * Read request units of one poll of the highlights, of 4 KB each: a state of 20 KB, counts, what is on now, 24 appearances
 * and 100 labels, read with eventual consistency but for the state and the counts.
 */
const highlightsPollReads = 16;
/** Memory of the function of the API times the duration of a poll, GB-seconds. */
const highlightsPollGbSeconds = 0.1;
/** Price of one poll of the highlights, US dollars. */
const estimateHighlightsPoll = (): number => {
  const { apiGateway, cloudfront, lambda, dynamodb } = priceTable.services;
  return (
    (apiGateway.perMillionHttpApiRequests +
      lambda.perMillionRequests +
      cloudfront.perMillionFunctionInvocations +
      highlightsPollReads * dynamodb.perMillionReadRequestUnits) /
      1e6 +
    cloudfront.perTenThousandHttpsRequests / 10_000 +
    highlightsPollGbSeconds * lambda.armPerGbSecond
  );
};
/** Price of an open tab in an hour, US dollars. @param delayMs pause between two polls */
const formatTabHour = (delayMs: number): string =>
  formatEstimate((3_600_000 / delayMs) * estimateHighlightsPoll());

/**
 * Request units of one task-hour, from the upload to the notification, that `npm run bench -- write-units` counts. In the
 * earlier layout, progress was written every 1.5 s to the job's record, which was copied into five indexes.
 */
export const taskHourUnits = [
  {
    job: "an ffmpeg job (route `ladder`)",
    before: { written: 24_107, read: 0 },
    now: { written: 391, read: 360 },
  },
  {
    job: "a job of the transcoder service (route `web`)",
    before: { written: 36_219, read: 1 },
    now: { written: 430, read: 723 },
  },
] as const;
const renderTaskHourUnits = (): string => {
  const { perMillionWriteRequestUnits, perMillionReadRequestUnits } = priceTable.services.dynamodb;
  const formatUnits = ({ written, read }: { readonly written: number; readonly read: number }): string => {
    const usd = (written * perMillionWriteRequestUnits + read * perMillionReadRequestUnits) / 1e6;
    return `${written.toLocaleString("en")} write, ${read.toLocaleString("en")} read: $${usd.toFixed(5)}`;
  };
  return renderTable(
    [
      "Request units in an hour of its task",
      "Before: every 1.5 s, in the record, which five indexes copied",
      "Now",
    ],
    taskHourUnits.map(({ job, before, now }) => [job, formatUnits(before), formatUnits(now)]),
  );
};

/** docs/costs.md, whole. */
export const renderCostsPage = (): string => {
  const { services, region, asOf, hoursPerMonth } = priceTable;
  const { privatelink, vpc, waf, cloudfront, sqs, lambda, dynamodb, s3 } = services;
  const detectionsPerHour = 3600 / 5;
  // Between two frames of 25 a second that are the longest gap apart.
  const maxEdgeDetections = Math.ceil(Math.log2(5 * 25));
  const archiveGb = (exampleMbitPerSecond * 30 * 86_400) / 8 / 1000;
  const segmentsPerMonth = (hoursPerMonth * 3600) / exampleSegmentSeconds;
  const zoneCount = 2;
  const millionWebhookEvents =
    webhookRequestsPerEvent * sqs.perMillionRequests +
    lambda.perMillionRequests +
    webhookGbSecondsPerEvent * 1e6 * lambda.armPerGbSecond +
    dynamodb.perMillionWriteRequestUnits;
  const { endpointZones, keys, secrets, alarms, dashboards, consumedQueues } = defaultStageParts;
  const idle = renderTable(
    ["What", '`network: "public"`', '`network: "endpoints"`'],
    [
      [
        `${interfaceEndpointServices.length} interface endpoints in ${zoneCount} Availability Zones`,
        "nothing",
        formatPrice(computeIdleUsd({ endpointZones })),
      ],
      ...(
        [
          [`${keys} KMS keys: of the stage and of its Terraform state`, { keys }],
          [
            `${secrets} secrets: keys of the transcoder, the API and CloudFront, users and tokens`,
            { secrets },
          ],
          [`${alarms} alarms`, { alarms }],
          [`${dashboards} dashboard`, { dashboards }],
          [`receive requests of ${consumedQueues} empty queues`, { consumedQueues }],
        ] as const
      ).map(([what, parts]) => {
        const price = formatCents(computeIdleUsd(parts));
        return [what, price, price];
      }),
      [
        "**a month, in all**",
        `**${formatCents(computeIdleUsd({ ...defaultStageParts, endpointZones: 0 }))}**`,
        `**${formatCents(computeIdleUsd(defaultStageParts))}**`,
      ],
    ],
  );
  const webAcl = formatPrice(waf.perWebAclMonth + webAclRuleCount * waf.perRuleMonth);
  const webhook = formatCents(computeIdleUsd({ secrets: 1, alarms: 1, consumedQueues: 1 }));
  return `# Costs

After reading this page, you can estimate what a stage costs, and choose between its options.

This page is generated from the price table of the product, \`pipeline/prices/price-table.ts\` (\`npm run docs\`). Do not edit it by hand.

The prices are AWS's list prices of ${asOf} for ${region}, in US dollars, of the first volume tier and without free tiers. Other Regions cost up to twice as much. Before you rely on a figure, compare it with the page it links to, or use [AWS Pricing Calculator](https://calculator.aws). Nothing has been billed in a real account yet.

\`npx reelway deploy\` begins with a line of what the stage costs while nothing runs, counted in its synthesized stacks, and per 1,000 minutes of video.

## While nothing runs

A default stage, without channels, webhooks and hooks:

${idle}

- \`reelway init\` sets \`network: "public"\` for stages named \`dev\` or \`test\`, and \`"endpoints"\` for all others. With \`public\`, each task has a public address; its security group allows no inbound traffic, and outbound only TLS.
- \`site.webAcl: "create"\`: ${webAcl} more, for 1 web ACL with ${webAclRuleCount} rules.
- Each [webhook](webhooks.md): ${webhook} more, for its secret, its alarm and its queue.

An idle stage also pays for its stored objects and logs, its image, and the invocations of its schedules.

## Per 1,000 minutes

${renderThousandMinutes()}

An estimate: 61.5 seconds of CPU time for a minute of camera footage (x264 \`veryfast\`, measured on one machine), tasks of the default size of \`transcode\`, sources of ${estimatedSourceMinutes} minutes and 40 seconds for the start of each task. Fargate Spot is left out. MediaConvert needs no task, network or image of yours; its tier Professional has more codecs and costs more.

## Per job

Most of a job's cost is its Fargate task, billed by the second with a minimum of one minute:

${renderTaskHours()}

- \`taskSizes\` sets CPU and memory by recipe.
- Fargate Spot (\`worker.capacityProvider: "FARGATE_SPOT"\`) costs less, at a price that changes; an interrupted task is retried.
- \`network: "endpoints"\` adds ${formatPrice(privatelink.interfaceEndpointPerGb)} for each GB through an interface endpoint; \`network: "public"\` adds ${formatPrice(vpc.publicIpv4PerHour)} for each hour of a task.
- CloudFront reads the buckets without a transfer charge, and costs ${formatPrice(cloudfront.outToInternetPerGb)} for each GB that it delivers in North America and Europe. \`site.priceClass\` selects the edge locations.
- A [webhook](webhooks.md) costs about ${formatPrice(Math.round(millionWebhookEvents * 100) / 100)} for a million events that are accepted at the first attempt within a second: ${webhookRequestsPerEvent} requests to SQS, an invocation of ${webhookGbSecondsPerEvent} GB-seconds and a write to DynamoDB each. Up to ten events share an invocation; each retry is another one. SNS delivers to SQS without a charge.
- Traffic to S3 and DynamoDB goes through gateway endpoints, which are free.
- \`GET /jobs/{id}/cost\` estimates what the tasks of one job have cost so far.

A job's records in DynamoDB cost little beside its task, because its progress is in an item of its own, which is in no index and written every 10 seconds, and the indexes contain the keys only:

${renderTaskHourUnits()}

\`npm run bench -- write-units\` counts the units at the SDK's client, with the real stores and a simulated clock, for the whole life of a job: upload, one hour of work, notification. Lists and polls by people come on top.

## Per channel

A [channel](highlights.md) costs its watcher, a Lambda function that runs nearly all the time, before the first detection:

${renderWatcherMonths()}

- Each detection costs ${formatPrice(computeRekognitionUsd({ celebrities: false }))}, with \`celebrities\` ${formatPrice(computeRekognitionUsd({ celebrities: true }))}. A channel without scene changes has one each \`maxGapSeconds\`: ${formatPrice(detectionsPerHour * computeRekognitionUsd({ celebrities: false }))} an hour by default; a still picture has one a minute. Cuts to pictures that were not detected in the last minute add one each, at most ${formatPrice(3600 * cutsPerSecond * computeRekognitionUsd({ celebrities: false }))} in an hour of a game or a music video. An edge of an appearance costs none or one at most cuts, and up to ${maxEdgeDetections} elsewhere. \`maxUsdPerDay\` limits it to $10.00 a day by default, about ${formatPrice(Math.round((10 * hoursPerMonth) / 24))} a month.
- The archive of ${exampleMbitPerSecond} Mbit/s takes ${Math.round(archiveGb)} GB in 30 days, ${formatEstimate(archiveGb * s3.standardPerGbMonth)} a month; segments of ${exampleSegmentSeconds} seconds are written for ${formatEstimate((segmentsPerMonth / 1000) * s3.perThousandPutRequests)} a month, and those of 2 seconds for ${formatEstimate((3 * segmentsPerMonth * s3.perThousandPutRequests) / 1000)}. Each detection that finds something writes one image: up to ${formatEstimate((detectionsPerHour * hoursPerMonth * s3.perThousandPutRequests) / 1000)} a month by default. Replaced and expired versions stay for \`noncurrentVersionExpirationDays\`.
- The view of the highlights sends one request a poll, about ${formatTabHour(pollDelaysMs.shortest)} an hour for an open tab while something changes all the time, ${formatTabHour(pollDelaysMs.watched)} while nothing changes and ${formatTabHour(pollDelaysMs.still)} while the channel is not watched. A tab in the background costs nothing.
- Each channel has one alarm of its own, the stage three alarms and four custom metrics for all of them.

To lower it: set \`intervalMinutes\` to what the playlist lists at once, less a minute; set \`activeHours\`; lower \`memoryMiB\` while the alarm \`channel-lag\` stays silent; use \`ARM64\`; raise \`maxGapSeconds\` and \`sceneThreshold\`, which also find fewer short appearances.

## Prices

${renderPrices()}

## Keep the bill small

- \`limits.maxJobsPerHour\`, \`maxSourceMinutes\` and \`maxSourceBytes\` bound what uploads can spend. See [Limits](limits.md).
- \`network: "public"\` costs nothing while no task runs. The tasks' security group allows no inbound traffic.
- \`ARM64\` tasks cost less than \`X86_64\` ones; build the image for the same architecture.
- \`glacierTransitionDays\` moves sources to S3 Glacier Instant Retrieval; \`noncurrentVersionExpirationDays\` deletes replaced versions earlier.
- \`logRetentionDays\` shortens the retention of logs.
`;
};
