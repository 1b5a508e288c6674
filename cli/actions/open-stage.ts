import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { toAccessError } from "../../adapters/aws/aws-error.ts";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { CommandError, formatError, listCauses, UserError } from "../../pipeline/errors/errors.ts";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";
import { readDeployment } from "./deployment.ts";

const clock = { now: () => new Date() };

/** What to do about a failed request to a stage; undefined if the failure itself says so. */
const findAdvice = (
  kind: StoreFailureKind,
  stage: string,
  region: string,
  operatorPolicy: string,
): string | undefined => {
  switch (kind) {
    case "table-not-found":
      return `Stage ${stage} is not deployed in this account and Region. Check the account with "aws sts get-caller-identity", or deploy the stage: npx reelway deploy --stage ${stage}`;
    case "denied":
      return `The credentials do not allow this. Attach the policy ${operatorPolicy} (the output operator_policy_arn of the stack state) to the user or role.`;
    case "transient":
      return `AWS did not answer as expected in ${region}. Check the network, a proxy and the Region, and run the command again.`;
    default:
      return undefined;
  }
};

/**
 * Opens the job store of a stage with the caller's AWS credentials.
 *
 * @throws UsageError for an unknown stage
 */
export const openStage = async (stage: string) => {
  const { configuration, deployment, names } = await readDeployment(stage);
  const { region } = deployment;
  const database = new DynamoDBClient({ ...commandClientOptions, region });
  return {
    configuration,
    deployment,
    names,
    region,
    database,
    clock,
    jobs: createDynamoJobStore(database, names.jobsTable, clock),
    /** Runs requests to the stage. @throws UserError that says what to do */
    async request<Result>(run: () => Promise<Result>): Promise<Result> {
      try {
        return await run();
      } catch (cause) {
        const accessError = toAccessError(cause);
        if (accessError !== undefined) throw accessError;
        const failure = listCauses(cause).find((error) => error instanceof StoreFailure);
        const advice = failure && findAdvice(failure.kind, stage, region, names.operatorPolicy);
        if (cause instanceof UserError || failure === undefined || advice === undefined) throw cause;
        throw new CommandError(`${formatError(failure).replace(/\.?$/, ".")} ${advice}`, { cause });
      }
    },
  };
};
