import { type Fields, getText } from "./value.ts";

/** What is lost with a resource. */
export interface DataLoss {
  /** A whole sentence. */
  readonly consequence: string;
  /** Whether nothing destroys it but a person who names its address. */
  readonly isGuarded: boolean;
}

const createGuardedLoss = (consequence: string): DataLoss => ({ consequence, isGuarded: true });
const createReportedLoss = (consequence: string): DataLoss => ({ consequence, isGuarded: false });

const keyLoss = createGuardedLoss(
  "What is encrypted with the key can never be read again once its waiting period is over.",
);
const databaseLoss = createGuardedLoss("Its data is lost, but for backups kept elsewhere.");

/**
 * Resources that hold what no apply can make again. Guarded is what is lost for good; the rest is told and does not
 * stop: logs tell of the past, messages not yet read are found again by the sweep, and ids and addresses can be
 * handed out anew.
 */
const dataLosses: Readonly<Record<string, DataLoss>> = {
  aws_s3_bucket: createGuardedLoss("Every object in it, with all its versions, must go first and is lost."),
  aws_s3_directory_bucket: createGuardedLoss("Every object in it is lost."),
  aws_dynamodb_table: createGuardedLoss(
    "Its records are lost; point-in-time recovery keeps them for 35 days at most.",
  ),
  aws_kms_key: keyLoss,
  aws_kms_external_key: keyLoss,
  aws_kms_replica_key: keyLoss,
  aws_secretsmanager_secret: createGuardedLoss("Its values are lost once its recovery window is over."),
  aws_ecr_repository: createGuardedLoss(
    "Its images are lost, also those that running tasks were started from.",
  ),
  aws_cognito_user_pool: createGuardedLoss("Its users are lost, and their passwords cannot be moved."),
  aws_route53_zone: createGuardedLoss(
    "Its name servers change: the domain answers nothing until they are delegated anew.",
  ),
  aws_efs_file_system: databaseLoss,
  aws_ebs_volume: databaseLoss,
  aws_db_instance: databaseLoss,
  aws_rds_cluster: databaseLoss,
  aws_redshift_cluster: databaseLoss,
  aws_docdb_cluster: databaseLoss,
  aws_neptune_cluster: databaseLoss,
  aws_opensearch_domain: databaseLoss,
  aws_kinesis_stream: createGuardedLoss("The records in it that nobody has read yet are lost."),
  aws_backup_vault: createGuardedLoss("The recovery points in it are lost."),
  aws_cloudwatch_log_group: createReportedLoss("Its log events are lost."),
  aws_sqs_queue: createReportedLoss("Messages in it that nobody has read yet are lost."),
  aws_sns_topic: createReportedLoss(
    "Its subscriptions are lost; whoever subscribed by hand must do so again.",
  ),
  aws_elastictranscoder_pipeline: createReportedLoss(
    "Its id changes: applications that create jobs with it must follow.",
  ),
  aws_elastictranscoder_preset: createReportedLoss(
    "Its id changes: applications that create jobs with it must follow.",
  ),
  aws_apigatewayv2_api: createReportedLoss("Its address changes: whoever calls it must follow."),
};

const stateObjectLoss = createGuardedLoss("It is a Terraform state: what it manages would be forgotten.");

/** What is lost with an object of this type, if anything is. */
export const describeDataLoss = (type: string, before: Fields): DataLoss | undefined => {
  if (type === "aws_s3_object" || type === "aws_s3_bucket_object")
    return /\.tfstate$/.test(getText(before, "key") ?? "") ? stateObjectLoss : undefined;
  return Object.hasOwn(dataLosses, type) ? dataLosses[type] : undefined;
};
