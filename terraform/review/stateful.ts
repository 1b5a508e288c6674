import { type Fields, textOf } from "./value.ts";

/** What is lost with a resource. */
export interface Stateful {
  /** A whole sentence. */
  readonly lost: string;
  /** Whether nothing destroys it but a person who names its address. */
  readonly guarded: boolean;
}

const guarded = (lost: string): Stateful => ({ lost, guarded: true });
const told = (lost: string): Stateful => ({ lost, guarded: false });

const key = guarded(
  "What is encrypted with the key can never be read again once its waiting period is over.",
);
const database = guarded("Its data is lost, but for backups kept elsewhere.");

/**
 * Resources that hold what no apply can make again. Guarded is what is lost for good; the rest is told and does not
 * stop: logs tell of the past, messages not yet read are found again by the sweep, and ids and addresses can be
 * handed out anew.
 */
const stateful: Readonly<Record<string, Stateful>> = {
  aws_s3_bucket: guarded("Every object in it, with all its versions, must go first and is lost."),
  aws_s3_directory_bucket: guarded("Every object in it is lost."),
  aws_dynamodb_table: guarded("Its records are lost; point-in-time recovery keeps them for 35 days at most."),
  aws_kms_key: key,
  aws_kms_external_key: key,
  aws_kms_replica_key: key,
  aws_secretsmanager_secret: guarded("Its values are lost once its recovery window is over."),
  aws_ecr_repository: guarded("Its images are lost, also those that running tasks were started from."),
  aws_cognito_user_pool: guarded("Its users are lost, and their passwords cannot be moved."),
  aws_route53_zone: guarded(
    "Its name servers change: the domain answers nothing until they are delegated anew.",
  ),
  aws_efs_file_system: database,
  aws_ebs_volume: database,
  aws_db_instance: database,
  aws_rds_cluster: database,
  aws_redshift_cluster: database,
  aws_docdb_cluster: database,
  aws_neptune_cluster: database,
  aws_opensearch_domain: database,
  aws_kinesis_stream: guarded("The records in it that nobody has read yet are lost."),
  aws_backup_vault: guarded("The recovery points in it are lost."),
  aws_cloudwatch_log_group: told("Its log events are lost."),
  aws_sqs_queue: told("Messages in it that nobody has read yet are lost."),
  aws_sns_topic: told("Its subscriptions are lost; whoever subscribed by hand must do so again."),
  aws_elastictranscoder_pipeline: told("Its id changes: applications that create jobs with it must follow."),
  aws_elastictranscoder_preset: told("Its id changes: applications that create jobs with it must follow."),
  aws_apigatewayv2_api: told("Its address changes: whoever calls it must follow."),
};

const stateObject = guarded("It is a Terraform state: what it manages would be forgotten.");

/** What is lost with an object of this type, if anything is. */
export const statefulness = (type: string, before: Fields): Stateful | undefined => {
  if (type === "aws_s3_object" || type === "aws_s3_bucket_object")
    return /\.tfstate$/.test(textOf(before, "key") ?? "") ? stateObject : undefined;
  return Object.hasOwn(stateful, type) ? stateful[type] : undefined;
};
