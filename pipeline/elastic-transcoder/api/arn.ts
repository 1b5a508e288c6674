/** Region and account of the ARNs. */
export interface ArnScope {
  readonly region: string;
  readonly account: string;
}

/** `arn:aws:elastictranscoder:REGION:ACCOUNT:job/ID` */
export const buildTranscoderArn = (
  scope: ArnScope,
  kind: "job" | "pipeline" | "preset",
  id: string,
): string => `arn:aws:elastictranscoder:${scope.region}:${scope.account}:${kind}/${id}`;
