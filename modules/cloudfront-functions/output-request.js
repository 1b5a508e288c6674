// Viewer requests to /output/*: an output's key in its bucket is the path without this prefix. CloudFront has verified the
// signature of the path as it was sent. It selects a behavior by the normalized path but forwards the path as sent, so a path
// outside the prefix can arrive here; keys that contain dot segments are not served.
const prefix = "/output/";
const dotSegment = /(^|\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i;

function handler(event) {
  const request = event.request;
  const key = request.uri.startsWith(prefix) ? request.uri.slice(prefix.length) : "";
  if (key === "" || dotSegment.test(key)) return { statusCode: 404, statusDescription: "Not Found" };
  request.uri = "/".concat(key);
  return request;
}
