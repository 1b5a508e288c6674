// Viewer requests to the page: all paths of its views have the same document, which shows the view of the path.
function handler(event) {
  const request = event.request;
  if (!request.uri.startsWith("/assets/")) request.uri = "/index.html";
  return request;
}
