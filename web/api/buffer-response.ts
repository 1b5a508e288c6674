/** Statuses whose responses have no body. */
const emptyStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Reads all of a response of the API, so that a request that has a response has its body too.
 *
 * @throws {TypeError} the connection breaks before the end of the body
 * @throws {SyntaxError} a success whose body is not JSON: something else than the API responds
 */
export const bufferResponse = async (response: Response): Promise<Response> => {
  const { ok, status, statusText, headers } = response;
  const text = await response.text();
  if (ok && text !== "") JSON.parse(text);
  return new Response(emptyStatuses.has(status) ? null : text, { status, statusText, headers });
};
