import { type Fields, getText } from "./value.ts";

/** The data loss if a resource is destroyed. */
export interface DataLoss {
  /** A sentence. */
  readonly consequence: string;
  /** Whether --allow-destroy is required. */
  readonly isGuarded: boolean;
}

const createGuardedLoss = (consequence: string): DataLoss => ({ consequence, isGuarded: true });
const createReportedLoss = (consequence: string): DataLoss => ({ consequence, isGuarded: false });

const keyLoss = createGuardedLoss(
  "Data encrypted with the key can no longer be decrypted after its waiting period.",
);
const databaseLoss = createGuardedLoss("Its data is lost, except for external backups.");

/**
 * Stateful resources. Guarded resources lose data permanently; for the others the loss is only reported: log events,
 * unread messages (which the sweep replaces), ids and
 * addresses.
 */
const dataLosses: Readonly<Record<string, DataLoss>> = {
  aws_s3_bucket: createGuardedLoss("All its objects and their versions must be deleted first and are lost."),
  aws_s3_directory_bucket: createGuardedLoss("All its objects are lost."),
  aws_dynamodb_table: createGuardedLoss(
    "Its records are lost; point-in-time recovery keeps them for at most 35 days.",
  ),
  aws_kms_key: keyLoss,
  aws_kms_external_key: keyLoss,
  aws_kms_replica_key: keyLoss,
  aws_secretsmanager_secret: createGuardedLoss("Its values are lost after its recovery window."),
  aws_ecr_repository: createGuardedLoss("Its images are lost, including those of running tasks."),
  aws_cognito_user_pool: createGuardedLoss("Its users are lost, and their passwords cannot be moved."),
  aws_route53_zone: createGuardedLoss(
    "Its name servers change: the domain does not resolve until it is delegated to the new ones.",
  ),
  aws_efs_file_system: databaseLoss,
  aws_ebs_volume: databaseLoss,
  aws_db_instance: databaseLoss,
  aws_rds_cluster: databaseLoss,
  aws_redshift_cluster: databaseLoss,
  aws_docdb_cluster: databaseLoss,
  aws_neptune_cluster: databaseLoss,
  aws_opensearch_domain: databaseLoss,
  aws_kinesis_stream: createGuardedLoss("Its unread records are lost."),
  aws_backup_vault: createGuardedLoss("Its recovery points are lost."),
  aws_cloudwatch_log_group: createReportedLoss("Its log events are lost."),
  aws_sqs_queue: createReportedLoss("Its unread messages are lost."),
  aws_sns_topic: createReportedLoss("Its subscriptions are lost; manual ones must be created again."),
  aws_elastictranscoder_pipeline: createReportedLoss(
    "Its id changes: applications that create jobs with it must be updated.",
  ),
  aws_elastictranscoder_preset: createReportedLoss(
    "Its id changes: applications that create jobs with it must be updated.",
  ),
  aws_apigatewayv2_api: createReportedLoss("Its URL changes: clients must be updated."),
};

const stateObjectLoss = createGuardedLoss(
  "It is a Terraform state: its resources would no longer be managed.",
);

/** Describes the data loss if a resource of a type is destroyed; undefined if no data is lost. */
export const describeDataLoss = (type: string, before: Fields): DataLoss | undefined => {
  if (type === "aws_s3_object" || type === "aws_s3_bucket_object")
    return /\.tfstate$/.test(getText(before, "key") ?? "") ? stateObjectLoss : undefined;
  return Object.hasOwn(dataLosses, type) ? dataLosses[type] : undefined;
};
