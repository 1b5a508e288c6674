/** A quota of Service Quotas. */
export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** Renders the command that requests a higher quota. AWS may decide about it within minutes or days. */
export const renderQuotaRequest = (
  region: string,
  { serviceCode, quotaCode }: Quota,
  desiredValue: number,
): string =>
  `aws service-quotas request-service-quota-increase --region ${region} --service-code ${serviceCode} --quota-code ${quotaCode} --desired-value ${desiredValue}`;
