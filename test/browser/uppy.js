// Runs in the page: uploads files with Uppy, as an application does.
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

globalThis.openUppy = (companionEndpoint) =>
  new Uppy({ debug: false }).use(AwsS3, {
    companionEndpoint,
    // Uppy's own limit is 100 MB.
    shouldUseMultipart: ({ size }) => size > 10 * 2 ** 20,
    getChunkSize: () => 5 * 2 ** 20,
  });

globalThis.describeResult = ({ successful = [], failed = [] }) => ({
  successful: successful.map(({ uploadURL, response }) => ({ uploadURL, key: response.body.key })),
  failed: failed.map(({ error }) => error),
});
