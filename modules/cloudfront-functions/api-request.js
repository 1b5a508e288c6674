// Viewer requests to the API: API Gateway requires its own Host header, so the viewer's one is forwarded in another header.
// A value that the viewer sent is replaced.
function handler(event) {
  const request = event.request;
  request.headers["x-forwarded-host"] = { value: request.headers.host.value };
  return request;
}
