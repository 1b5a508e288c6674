import type { Rule } from "./rule.ts";
import { apiAccessLogs } from "./rules/api-access-logs.ts";
import { apiAuthorization } from "./rules/api-authorization.ts";
import { distributionAccessLogs } from "./rules/cloudfront-access-logs.ts";
import { distributionHeaders } from "./rules/cloudfront-headers.ts";
import { distributionHttps } from "./rules/cloudfront-https.ts";
import { distributionOriginAccess } from "./rules/cloudfront-origin-access.ts";
import { distributionRootObject } from "./rules/cloudfront-root-object.ts";
import { signedOutputs } from "./rules/cloudfront-signed-outputs.ts";
import { distributionTlsVersion } from "./rules/cloudfront-tls-version.ts";
import { defaultTags } from "./rules/default-tags.ts";
import { tableCustomerKey } from "./rules/dynamodb-customer-key.ts";
import { tableDeletionProtection } from "./rules/dynamodb-deletion-protection.ts";
import { tableRecovery } from "./rules/dynamodb-recovery.ts";
import { immutableTags } from "./rules/ecr-immutable.ts";
import { registryKey } from "./rules/ecr-kms.ts";
import { scanOnPush } from "./rules/ecr-scan.ts";
import { clusterInsights } from "./rules/ecs-insights.ts";
import { keptRevisions } from "./rules/ecs-keep-revisions.ts";
import { noPublicIp } from "./rules/ecs-no-public-ip.ts";
import { containerSecrets } from "./rules/ecs-no-secrets.ts";
import { readOnlyRoot } from "./rules/ecs-read-only-root.ts";
import { separateTaskRoles } from "./rules/ecs-separate-roles.ts";
import { taggedTasks } from "./rules/ecs-tagged-tasks.ts";
import { unprivilegedContainers } from "./rules/ecs-unprivileged.ts";
import { safeKeys } from "./rules/event-safe-keys.ts";
import { eventTargetDeadLetters } from "./rules/event-target-dead-letters.ts";
import { githubTrust } from "./rules/iam-github-trust.ts";
import { noStarResource } from "./rules/iam-no-star-resource.ts";
import { exactPassRole } from "./rules/iam-pass-role.ts";
import { permissionsBoundary } from "./rules/iam-permissions-boundary.ts";
import { keyPolicy } from "./rules/kms-policy.ts";
import { keyRotation } from "./rules/kms-rotation.ts";
import { functionDeadLetters } from "./rules/lambda-dead-letters.ts";
import { environmentKey } from "./rules/lambda-environment-key.ts";
import { functionSecrets } from "./rules/lambda-no-secrets.ts";
import { permissionSource } from "./rules/lambda-permission-source.ts";
import { reservedConcurrency } from "./rules/lambda-reserved-concurrency.ts";
import { functionTracing } from "./rules/lambda-tracing.ts";
import { logCustomerKey } from "./rules/logs-customer-key.ts";
import { logRetention } from "./rules/logs-retention.ts";
import { partialBatches } from "./rules/partial-batches.ts";
import { queueDeadLetters } from "./rules/queue-dead-letters.ts";
import { abortMultipart } from "./rules/s3-abort-multipart.ts";
import { bucketAccessLogs } from "./rules/s3-access-logs.ts";
import { bucketCustomerKey } from "./rules/s3-customer-key.ts";
import { bucketLifecycle } from "./rules/s3-lifecycle.ts";
import { noAcls } from "./rules/s3-no-acls.ts";
import { publicAccessBlock } from "./rules/s3-public-access-block.ts";
import { publicAclsBlocked } from "./rules/s3-public-acls-blocked.ts";
import { publicAclsIgnored } from "./rules/s3-public-acls-ignored.ts";
import { publicBucketsRestricted } from "./rules/s3-public-buckets-restricted.ts";
import { publicPoliciesBlocked } from "./rules/s3-public-policies-blocked.ts";
import { tlsOnly } from "./rules/s3-tls-only.ts";
import { bucketVersioning } from "./rules/s3-versioning.ts";
import { scheduleDeadLetters } from "./rules/schedule-dead-letters.ts";
import { scheduleInvocations } from "./rules/schedule-invocations.ts";
import { scheduleTimeouts } from "./rules/schedule-timeouts.ts";
import { secretLiterals } from "./rules/secret-literals.ts";
import { secretCustomerKey } from "./rules/secrets-customer-key.ts";
import { senderKey } from "./rules/sender-key.ts";
import { senderPolicy } from "./rules/sender-policy.ts";
import { topicCustomerKey } from "./rules/sns-customer-key.ts";
import { noPublicTopicPolicy } from "./rules/sns-no-public-policy.ts";
import { queueCustomerKey } from "./rules/sqs-customer-key.ts";
import { noPublicQueuePolicy } from "./rules/sqs-no-public-policy.ts";
import { subscriptionDeadLetters } from "./rules/subscription-dead-letters.ts";
import { visibilityTimeout } from "./rules/visibility-timeout.ts";
import { emptyDefaultSecurityGroup } from "./rules/vpc-default-security-group.ts";
import { boundedEgress } from "./rules/vpc-egress.ts";
import { endpointPolicy } from "./rules/vpc-endpoint-policy.ts";
import { flowLogs } from "./rules/vpc-flow-logs.ts";
import { groupDescriptions } from "./rules/vpc-group-descriptions.ts";

/** All policy rules; each has its own file. */
export const allRules: readonly Rule[] = [
  publicAclsBlocked,
  publicPoliciesBlocked,
  publicAclsIgnored,
  publicBucketsRestricted,
  publicAccessBlock,
  tlsOnly,
  bucketCustomerKey,
  bucketVersioning,
  bucketAccessLogs,
  bucketLifecycle,
  abortMultipart,
  noAcls,
  permissionSource,
  reservedConcurrency,
  functionDeadLetters,
  functionTracing,
  environmentKey,
  functionSecrets,
  noPublicIp,
  unprivilegedContainers,
  readOnlyRoot,
  separateTaskRoles,
  clusterInsights,
  keptRevisions,
  taggedTasks,
  containerSecrets,
  scanOnPush,
  immutableTags,
  registryKey,
  noStarResource,
  exactPassRole,
  githubTrust,
  permissionsBoundary,
  flowLogs,
  emptyDefaultSecurityGroup,
  boundedEgress,
  groupDescriptions,
  endpointPolicy,
  tableRecovery,
  tableCustomerKey,
  tableDeletionProtection,
  topicCustomerKey,
  queueCustomerKey,
  noPublicQueuePolicy,
  noPublicTopicPolicy,
  keyRotation,
  keyPolicy,
  logRetention,
  logCustomerKey,
  secretCustomerKey,
  apiAccessLogs,
  apiAuthorization,
  distributionHttps,
  distributionTlsVersion,
  distributionOriginAccess,
  distributionAccessLogs,
  distributionRootObject,
  distributionHeaders,
  signedOutputs,
  queueDeadLetters,
  eventTargetDeadLetters,
  safeKeys,
  subscriptionDeadLetters,
  scheduleDeadLetters,
  scheduleInvocations,
  scheduleTimeouts,
  partialBatches,
  visibilityTimeout,
  senderPolicy,
  senderKey,
  secretLiterals,
  defaultTags,
];
