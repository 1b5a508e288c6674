"""Makes moto 5.2 answer where the AWS provider 5.100 would else plan a difference for ever, fail or wait.

Python imports a module of this name by itself at its start, so `PYTHONPATH=<this folder> moto_server` is patched
whichever Python moto was installed for. A patch takes one gap of the emulator; the product is written for AWS.
"""

import json
import re

import cloudfront  # noqa: F401
from flask import Response, request
from moto import settings
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.exceptions import AccessDeniedError, JsonRESTError
from moto.core.utils import convert_to_flask_response
from moto.dynamodb.responses import DynamoHandler
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam.access_control import IAMPolicyStatement, IAMRequest, PermissionResult
from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import FakeBucket
from moto.s3.responses import ACTION_MAP as s3_actions
from moto.s3.responses import S3Response
from moto.secretsmanager.exceptions import ResourceNotFoundException
from moto.secretsmanager.models import SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sqs.models import Queue
from moto.sqs.responses import SQSResponse


def around(owner, name):
    """Replaces a method by one that is given the original first."""

    def replace(patch):
        original = getattr(owner, name)
        setattr(owner, name, lambda *given, **named: patch(original, *given, **named))

    return replace


# The provider asks 25 times over, ten minutes long, for what answers 500, as moto does for all it lacks; not so 501.
@around(convert_to_flask_response, "__call__")
def not_implemented(original, *given, **named):
    try:
        return original(*given, **named)
    except NotImplementedError as error:
        return Response(response=str(error), status=501)


# aws_s3_bucket_notification reads `eventbridge` back, which moto knows and does not tell.
@around(S3Response, "get_bucket_notification")
def tell_event_bridge(original, self):
    status, headers, body = original(self)
    stored = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if stored is None or stored.event_bridge is None:
        return status, headers, body
    text = body.decode() if isinstance(body, bytes) else body
    end = "</NotificationConfiguration>"
    if end not in text:
        text = f'<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{end}'
    return status, headers, text.replace(end, f"<EventBridgeConfiguration/>{end}")


# S3 knows an upload in parts by its id and its key, until it is completed or aborted; moto by the id alone, fails on one
# that it does not have, and completes one twice.
def require_upload(response):
    upload_id = response._get_param("uploadId")
    upload = response.backend.get_bucket(response.bucket_name).multiparts.get(upload_id)
    if upload is None or upload.key_name != response.parse_key_name():
        raise NoSuchUpload(upload_id=upload_id)


@around(S3Response, "list_parts")
def list_parts_of_upload(original, self):
    require_upload(self)
    return original(self)


@around(S3Response, "abort_multipart_upload")
def abort_upload(original, self):
    require_upload(self)
    return original(self)


@around(S3Response, "_key_response_post")
def complete_upload(original, self, request, body, bucket_name, query, key_name):
    if query.get("uploadId"):
        require_upload(self)
    return original(self, request, body, bucket_name, query, key_name)


# Secrets Manager names the staging label that no version has; moto then says that the secret does not exist.
@around(SecretsManagerBackend, "get_secret_value")
def name_missing_version(original, self, secret_id, version_id, version_stage):
    if version_stage and not version_id and self._is_valid_identifier(secret_id):
        versions = self.secrets[secret_id].versions.values()
        if not any(version_stage in version["version_stages"] for version in versions):
            raise ResourceNotFoundException(
                f"Secrets Manager can't find the specified secret value for staging label: {version_stage}"
            )
    return original(self, secret_id, version_id, version_stage)


# The S3 backend uses the state's bucket: moto evaluates no condition, and would deny all for want of TLS and of the key.
@around(IAMPolicyStatement, "is_action_permitted")
def with_conditions_of_the_state_bucket(original, self, *given, **named):
    condition = self._statement.get("Condition") or {}
    if condition == {"Bool": {"aws:SecureTransport": "false"}}:
        return PermissionResult.NEUTRAL
    required = condition.get("StringNotEquals", {}).get("s3:x-amz-server-side-encryption")
    if required is not None:
        encryption = request.headers.get("x-amz-server-side-encryption")
        if encryption is None or encryption == required:
            return PermissionResult.NEUTRAL
    return original(self, *given, **named)


# aws_s3_bucket_logging: moto fails on a policy of the target that names `"Principal": "*"`, as one for TLS does.
def may_write_logs(target_bucket, target_prefix):
    policy = json.loads(target_bucket.policy or b'{"Statement": []}')
    return any(
        statement["Effect"] == "Allow"
        and isinstance(statement["Principal"], dict)
        and statement["Principal"].get("Service") == "logging.s3.amazonaws.com"
        for statement in policy["Statement"]
    )


FakeBucket._log_permissions_enabled_policy = staticmethod(may_write_logs)

# aws_lambda_function reads these back; moto keeps none of them.
kept_settings = ("DeadLetterConfig", "LoggingConfig", "KMSKeyArn", "TracingConfig")


@around(LambdaFunction, "__init__")
def keep_settings(original, self, account_id, spec, *given, **named):
    original(self, account_id, spec, *given, **named)
    self.kept = {name: spec[name] for name in kept_settings if spec.get(name)}


@around(LambdaFunction, "update_configuration")
def update_settings(original, self, updates):
    self.kept.update({name: updates[name] for name in kept_settings if name in updates})
    original(self, updates)
    return self.get_configuration()


@around(LambdaFunction, "get_configuration")
def tell_settings(original, self, *given, **named):
    return {**original(self, *given, **named), **self.kept}


# aws_lambda_event_source_mapping: moto would take the messages away and run the function in Docker, which is not there.
@around(LambdaBackend, "create_event_source_mapping")
def leave_messages(original, self, spec):
    mapping = original(self, spec)
    from moto.sqs.models import sqs_backends

    for queue in sqs_backends[self.account_id][self.region_name].queues.values():
        queue.lambda_event_source_mappings.clear()
    return mapping


# aws_sqs_queue_policy stands beside aws_sqs_queue_redrive_allow_policy: moto forgets the one when the other is set.
@around(Queue, "_set_attributes")
def keep_policy(original, self, attributes, *given):
    original(self, {"Policy": getattr(self, "policy", None), **attributes}, *given)


# aws_sqs_queue and its redrive policies wait for, and compare, the text that they wrote; moto tells one with spaces in
# it, and the other not at all.
told = Queue.attributes.fget


def tell_redrive_policies(self):
    attributes = told(self)
    allowed = getattr(self, "redrive_allow_policy", None)
    if allowed is not None:
        attributes["RedriveAllowPolicy"] = allowed
    if self.redrive_policy:
        attributes["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
    return attributes


Queue.attributes = property(tell_redrive_policies)
# These names may be asked for; to queues that are not FIFO moto does nothing else with them.
Queue.FIFO_ATTRIBUTES = [*Queue.FIFO_ATTRIBUTES, "RedriveAllowPolicy"]


# RunTask names a capacity provider, as the stacks' functions do; moto finds room on Fargate by the launch type alone.
@around(EC2ContainerServiceResponse, "run_task")
def place_on_fargate(original, self):
    if self._get_param("capacityProviderStrategy"):
        self.params["launchType"] = "FARGATE"
    return original(self)


# With IAM enforced, a call on a secret asks for the secret by its ARN; moto asks for `*`.
def secret_resource(self):
    secret = self.backend.secrets.get(self._get_param("SecretId") or "")
    return "*" if secret is None else secret.arn


SecretsManagerResponse._determine_resource = secret_resource


# With IAM enforced, a call on a table or an index asks for it by its ARN; moto asks for `*`.
def table_resource(self):
    name = self.body.get("TableName") or next(iter(self.body.get("RequestItems") or []), None)
    if name is None:
        return "*"
    index = self.body.get("IndexName")
    table = f"arn:aws:dynamodb:{self.region}:{self.current_account}:table/{name}"
    return table if index is None else f"{table}/index/{index}"


DynamoHandler._determine_resource = table_resource


# In a policy, `?` stands for one character, and no other character is special; moto takes it for a regular expression.
def match_pattern(pattern, string):
    return re.match(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".") + "$", string)


IAMPolicyStatement._match = staticmethod(match_pattern)


# With IAM enforced, RunTask asks for the task definition by its ARN, and for iam:PassRole of the roles that the task
# gets, and StopTask for the task; moto asks for `*`, and for no role at all.
def task_resource(self):
    if self._get_action() == "RunTask":
        return self.ecs_backend.describe_task_definition(self._get_param("taskDefinition")).arn
    if self._get_action() == "StopTask":
        cluster, task = self._get_param("cluster").split("/")[-1], self._get_param("task").split("/")[-1]
        return f"arn:aws:ecs:{self.region}:{self.current_account}:task/{cluster}/{task}"
    return "*"


EC2ContainerServiceResponse._determine_resource = task_resource


# With IAM enforced, GetQueueUrl asks for the queue by its ARN, which exists or not; moto asks for `*`.
@around(SQSResponse, "_determine_resource")
def queue_resource(original, self):
    name = self._get_param("QueueName")
    return f"arn:aws:sqs:{self.region}:{self.current_account}:{name}" if name else original(self)


# A batch of SQS is allowed by the action on one message (SQS developer guide, "Amazon SQS API permissions"); moto asks
# for the batch.
@around(IAMRequest, "__init__")
def name_batch_action(original, self, *given, **named):
    original(self, *given, **named)
    if self._action.startswith("sqs:"):
        self._action = self._action.removesuffix("Batch")


# HeadBucket is allowed by s3:ListBucket (API reference, HeadBucket); moto asks for s3:HeadBucket.
s3_actions["BUCKET"]["HEAD"]["DEFAULT"] = "ListBucket"


@around(EC2ContainerServiceResponse, "run_task")
def pass_roles(original, self):
    if self.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT:
        definition = self.ecs_backend.describe_task_definition(self._get_param("taskDefinition"))
        overrides = self._get_param("overrides") or {}
        caller = IAMRequest(
            account_id=self.current_account,
            method=self.method,
            path=self.uri,
            data=self.data,
            body=self.raw_body,
            headers=self.headers,
            action="RunTask",
        )
        caller._action = "iam:PassRole"
        for role in (
            overrides.get("taskRoleArn") or definition.task_role_arn,
            overrides.get("executionRoleArn") or definition.execution_role_arn,
        ):
            try:
                caller.check_action_permitted(role)
            except AccessDeniedError as denied:
                raise JsonRESTError("AccessDeniedException", f"iam:PassRole on {role}") from denied
    return original(self)


# On Fargate a task has its size from its definition, and its containers need none; moto adds up theirs.
EC2ContainerServiceBackend._calculate_task_resource_requirements = staticmethod(
    lambda definition: {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}
)
