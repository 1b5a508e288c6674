/**
 * AWS list prices in US dollars, without free tiers, of the first volume tier. Each name ends in the unit that the
 * price is for. Cost estimates and docs/costs.md read their figures here and nowhere else.
 */
export const priceTable = {
  region: "us-east-1",
  /** Year of the price lists that the figures are from. Compare every figure with its `source` before you raise it. */
  asOf: "2025",
  /** Hours of a month in AWS's own estimates. */
  hoursPerMonth: 730,
  services: {
    /** Fargate Spot is left out: its price follows supply and demand. */
    fargate: {
      source: "https://aws.amazon.com/fargate/pricing/",
      x86PerVcpuHour: 0.04048,
      x86PerGbHour: 0.004445,
      armPerVcpuHour: 0.03238,
      armPerGbHour: 0.00356,
      /** Beyond the first 20 GB of a task. */
      ephemeralStoragePerGbHour: 0.000111,
    },
    lambda: {
      source: "https://aws.amazon.com/lambda/pricing/",
      armPerGbSecond: 0.0000133334,
      x86PerGbSecond: 0.0000166667,
      perMillionRequests: 0.2,
    },
    /** On-demand capacity, table class Standard. */
    dynamodb: {
      source: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
      perMillionWriteRequestUnits: 0.625,
      perMillionReadRequestUnits: 0.125,
      storagePerGbMonth: 0.25,
      pointInTimeRecoveryPerGbMonth: 0.2,
    },
    s3: {
      source: "https://aws.amazon.com/s3/pricing/",
      standardPerGbMonth: 0.023,
      glacierInstantRetrievalPerGbMonth: 0.004,
      glacierInstantRetrievalPerGbRetrieved: 0.03,
      perThousandPutRequests: 0.005,
      perThousandGetRequests: 0.0004,
    },
    dataTransfer: {
      source: "https://aws.amazon.com/ec2/pricing/on-demand/",
      outToInternetPerGb: 0.09,
    },
    /** Viewers in North America and Europe. */
    cloudfront: {
      source: "https://aws.amazon.com/cloudfront/pricing/",
      outToInternetPerGb: 0.085,
      perTenThousandHttpsRequests: 0.01,
      perMillionFunctionInvocations: 0.1,
    },
    waf: {
      source: "https://aws.amazon.com/waf/pricing/",
      perWebAclMonth: 5,
      perRuleMonth: 1,
      perMillionRequests: 0.6,
    },
    vpc: {
      source: "https://aws.amazon.com/vpc/pricing/",
      natGatewayPerHour: 0.045,
      natGatewayPerGb: 0.045,
      publicIpv4PerHour: 0.005,
    },
    privatelink: {
      source: "https://aws.amazon.com/privatelink/pricing/",
      /** Each endpoint in each Availability Zone. */
      interfaceEndpointPerHour: 0.01,
      interfaceEndpointPerGb: 0.01,
    },
    /** DetectLabels and RecognizeCelebrities, each call one image. */
    rekognition: {
      source: "https://aws.amazon.com/rekognition/pricing/",
      perImage: 0.001,
    },
    /** Tier Basic: AVC in one pass, up to 30 frames per second. */
    mediaconvert: {
      source: "https://aws.amazon.com/mediaconvert/pricing/",
      basicSdPerMinute: 0.0075,
      basicHdPerMinute: 0.015,
    },
    kms: {
      source: "https://aws.amazon.com/kms/pricing/",
      perKeyMonth: 1,
      perTenThousandRequests: 0.03,
    },
    secretsManager: {
      source: "https://aws.amazon.com/secrets-manager/pricing/",
      perSecretMonth: 0.4,
      perTenThousandRequests: 0.05,
    },
    cloudwatch: {
      source: "https://aws.amazon.com/cloudwatch/pricing/",
      logIngestionPerGb: 0.5,
      logStoragePerGbMonth: 0.03,
      perAlarmMonth: 0.1,
      perCustomMetricMonth: 0.3,
      perDashboardMonth: 3,
    },
    sqs: {
      source: "https://aws.amazon.com/sqs/pricing/",
      perMillionRequests: 0.4,
    },
    apiGateway: {
      source: "https://aws.amazon.com/api-gateway/pricing/",
      perMillionHttpApiRequests: 1,
    },
    /** Tier Essentials, beyond 10,000 users a month. */
    cognito: {
      source: "https://aws.amazon.com/cognito/pricing/",
      perMonthlyActiveUser: 0.015,
    },
    ecr: {
      source: "https://aws.amazon.com/ecr/pricing/",
      storagePerGbMonth: 0.1,
    },
  },
} as const;
