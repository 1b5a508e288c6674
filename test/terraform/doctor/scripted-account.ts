import type { Deployment } from "../../../modules/names.ts";
import { buildDeploymentNames } from "../../../modules/names.ts";
import { sizesSchema } from "../../../pipeline/configuration/sizes-schema.ts";
import { stageSchema } from "../../../pipeline/configuration/stage-schema.ts";
import { openStageAccount, type StageAccount } from "../../../terraform/doctor/stage-account.ts";
import type { StageTarget } from "../../../terraform/doctor/stage-target.ts";
import { type Answer, type Call, startScriptedService } from "../../adapters/aws/scripted-service.ts";

/** Answers by operation and, for S3, Lambda's functions and ECR, what it is about: `HeadBucket films`. */
export type Answers = Readonly<Record<string, Answer | undefined>>;

const json = { "content-type": "application/x-amz-json-1.1" };
/** An answer with a document. */
export const answerJson = (body: unknown): Answer => ({ headers: json, body: JSON.stringify(body) });
/** An error of a service with JSON documents. */
export const answerError = (type: string, status = 400): Answer => ({
  status,
  headers: { ...json, "x-amzn-errortype": type },
  body: JSON.stringify({ __type: type, message: `${type}: User: arn:aws:iam::1:user/ann` }),
});
const xml = { "content-type": "text/xml" };
/** An error of STS. */
export const answerStsError = (code: string): Answer => ({
  status: 403,
  headers: xml,
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
});
/** An error of S3. */
export const answerS3Error = (code: string, status: number): Answer => ({
  status,
  headers: xml,
  body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});
export const notFound: Answer = { status: 404 };
export const forbidden: Answer = { status: 403 };

/** An identity as STS returns it. */
export const answerCaller = (account = "111122223333"): Answer => ({
  headers: xml,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/ann</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
});

/** Tags of a bucket as S3 returns them. */
export const answerTags = (tags: Readonly<Record<string, string>>): Answer => ({
  headers: xml,
  body: `<Tagging><TagSet>${Object.entries(tags)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join("")}</TagSet></Tagging>`,
});

/** The buckets of the account as S3 returns them. */
export const answerBuckets = (...names: readonly string[]): Answer => ({
  headers: xml,
  body: `<ListAllMyBucketsResult><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join("")}</Buckets></ListAllMyBucketsResult>`,
});

const getRegion = ({ headers }: Call): string =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(headers.authorization))?.[1] ?? "";

/** Names the operation of a request, and what it is about. */
const nameOperation = (call: Call): string => {
  const { method, path, query, headers, body } = call;
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const operation = target.slice(target.indexOf(".") + 1);
    const { QuotaCode, repositoryName } = JSON.parse(body.toString()) as Readonly<Record<string, string>>;
    return [operation, QuotaCode ?? repositoryName].join(" ");
  }
  if (path.startsWith("/2016-08-19/account-settings")) return "GetAccountSettings";
  const lambdaFunction = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)\/concurrency/.exec(path)?.[1];
  if (lambdaFunction !== undefined) return `GetFunctionConcurrency ${lambdaFunction}`;
  if (method === "POST" && body.includes("GetCallerIdentity")) return `GetCallerIdentity ${getRegion(call)}`;
  const [, bucket = "", key] = /^\/([^/]*)\/?(.+)?$/.exec(path) ?? [];
  if (bucket === "") return "ListBuckets";
  if (key !== undefined) return `HeadObject ${bucket}/${key}`;
  if (query.has("tagging")) return `GetBucketTagging ${bucket}`;
  return `${query.has("encryption") ? "GetBucketEncryption" : "HeadBucket"} ${bucket}`;
};

/** An account of AWS that answers as scripted. */
export interface ScriptedAccount extends StageAccount {
  /** For AWS_ENDPOINT_URL of a command. */
  readonly endpoint: string;
  /** Operations in order of arrival. */
  readonly operations: readonly string[];
  stop(): Promise<void>;
}

/** Opens clients of an account that has these answers, and 501 for everything else. */
export const openScriptedAccount = async (
  answers: Answers,
  region = "us-east-1",
): Promise<ScriptedAccount> => {
  const operations: string[] = [];
  const service = await startScriptedService((call) => {
    const operation = nameOperation(call);
    operations.push(operation);
    return answers[operation] ?? answers[operation.split(" ")[0] ?? ""] ?? answerError("NotImplemented", 501);
  });
  const { endpoint, credentials } = service.client;
  const account = openStageAccount({ region, endpoint, credentials });
  return {
    ...account,
    endpoint,
    operations,
    async stop() {
      account.close();
      await service.close();
    },
  };
};

/** A stage with the fields that a test is about. */
export const buildDeployment = (settings: Readonly<Record<string, unknown>> = {}): Deployment => ({
  ...stageSchema.parse({
    region: "us-east-1",
    inputBucket: "films-input",
    outputBucket: "films-output",
    ...settings,
  }),
  project: "films",
  stage: "dev",
});

/** A stage of which nothing is deployed. Its stacks create these buckets and functions. */
export const buildTarget = (
  settings: Readonly<Record<string, unknown>> = {},
  change: Partial<StageTarget> = {},
): StageTarget => {
  const deployment = buildDeployment(settings);
  const names = buildDeploymentNames(deployment);
  const { existingBuckets, inputBucket, outputBucket, reserveConcurrency } = deployment;
  const buckets = [
    names.stateBucket,
    names.codeBucket,
    ...(existingBuckets ? [] : [inputBucket, outputBucket]),
  ];
  return {
    deployment,
    names,
    taskSizes: sizesSchema.parse(undefined),
    resources: new Map<string, readonly unknown[]>([
      ["aws_s3_bucket", buckets.map((bucket) => ({ bucket }))],
      [
        "aws_lambda_function",
        [
          [names.api, 50],
          [names.router, 10],
        ].map(([function_name, executions]) => ({
          function_name,
          reserved_concurrent_executions: reserveConcurrency ? executions : -1,
        })),
      ],
    ]),
    image: { repository: "ffmpeg", digest: `sha256:${"a".repeat(64)}`, contextHash: "" },
    ...change,
  };
};
