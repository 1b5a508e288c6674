"""What moto 5.2 lacks of CloudFront: functions, cache and response headers policies, changes of key groups.

CloudFront keeps a resource as one document that it returns as it was sent, so these do too.
"""

import uuid
from copy import deepcopy

from moto.cloudfront import models, urls
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

modified = "2026-11-29T10:00:00Z"


def documents(response, kind):
    """The documents of a kind by id; a reset of the emulator removes them with their backend."""
    return vars(response.backend).setdefault("documents", {}).setdefault(kind, {})


def add_url(path):
    urls.url_paths["{0}/2020-05-31/" + path] = CloudFrontResponse.dispatch


def add_kind(kind, path, method):
    add_url(f"{path}$")
    add_url(f"{path}/(?P<document_id>[^/]+)$")

    def answer(document_id, document):
        config, etag = document
        result = {
            kind: {"Id": document_id, "LastModifiedTime": modified, f"{kind}Config": config},
            "Location": f"https://cloudfront.amazonaws.com/2020-05-31/{path}/{document_id}",
            "ETag": etag,
        }
        return ActionResult(result)

    def write(self, document_id):
        document = (self._get_param(f"{kind}Config"), uuid.uuid4().hex)
        documents(self, kind)[document_id] = document
        return answer(document_id, document)

    def delete(self):
        documents(self, kind).pop(self._get_param("Id"))
        return EmptyResult()

    operations = {
        "create": lambda self: write(self, str(uuid.uuid4())),
        "get": lambda self: answer(self._get_param("Id"), documents(self, kind)[self._get_param("Id")]),
        "update": lambda self: write(self, self._get_param("Id")),
        "delete": delete,
    }
    for operation, handle in operations.items():
        setattr(CloudFrontResponse, f"{operation}_{method}", handle)


add_kind("CachePolicy", "cache-policy", "cache_policy")
add_kind("ResponseHeadersPolicy", "response-headers-policy", "response_headers_policy")
add_kind("KeyGroup", "key-group", "key_group")


class PublicKeyInUse(ServiceException):
    """CloudFront refuses to delete a key of a key group."""

    code = "PublicKeyInUse"
    message = "The specified public key is in use."


def delete_public_key(self):
    key_id = self._get_param("Id")
    if any(key_id in config["Items"] for config, _ in documents(self, "KeyGroup").values()):
        raise PublicKeyInUse()
    self.backend.delete_public_key(key_id=key_id)
    return EmptyResult()


CloudFrontResponse.delete_public_key = delete_public_key

for suffix in ("", "/(?P<name>[^/]+)", "/(?P<name>[^/]+)/describe", "/(?P<name>[^/]+)/publish"):
    add_url(f"function{suffix}$")


def answer_function(self, name):
    config, _, etag = documents(self, "Function")[name]
    summary = {
        "Name": name,
        "Status": "UNASSOCIATED",
        "FunctionConfig": config,
        "FunctionMetadata": {
            "FunctionARN": f"arn:aws:cloudfront::{self.current_account}:function/{name}",
            "Stage": "LIVE",
            "CreatedTime": modified,
            "LastModifiedTime": modified,
        },
    }
    return ActionResult({"FunctionSummary": summary, "Location": name, "ETag": etag})


def write_function(self):
    name = self._get_param("Name")
    function = (self._get_param("FunctionConfig"), self._get_param("FunctionCode"), uuid.uuid4().hex)
    documents(self, "Function")[name] = function
    return answer_function(self, name)


def get_function(self):
    _, code, etag = documents(self, "Function")[self._get_param("Name")]
    return ActionResult({"FunctionCode": code, "ContentType": "application/octet-stream", "ETag": etag})


def delete_function(self):
    documents(self, "Function").pop(self._get_param("Name"))
    return EmptyResult()


CloudFrontResponse.create_function = write_function
CloudFrontResponse.update_function = write_function
CloudFrontResponse.publish_function = lambda self: answer_function(self, self._get_param("Name"))
CloudFrontResponse.describe_function = lambda self: answer_function(self, self._get_param("Name"))
CloudFrontResponse.get_function = get_function
CloudFrontResponse.delete_function = delete_function


# aws_cloudfront_distribution reads its whole document back, of which moto keeps a part with defaults of its own.
defaults = {
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "OriginGroups": {"Quantity": 0},
}


def keep_distribution(self, config):
    self.__dict__.update(deepcopy({**defaults, **config}))
    self.caller_reference = config["CallerReference"]


models.DistributionConfig.__init__ = keep_distribution


# aws_cloudwatch_log_delivery_source refuses moto's ARN of a distribution, which lacks the empty Region.
create = models.Distribution.__init__


def correct_arn(self, account_id, *given):
    create(self, account_id, *given)
    self.arn = f"arn:aws:cloudfront::{account_id}:distribution/{self.id}"


models.Distribution.__init__ = correct_arn
