import { once } from "node:events";
import {
  type ClientHttp2Session,
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type ServerHttp2Stream,
} from "node:http2";
import { buffer } from "node:stream/consumers";

/** Options of `openProviderProxy`. */
export interface ProviderProxyOptions {
  /** Path of the socket that Terraform attaches to. */
  readonly socket: string;
  /** Starts another process of the provider. */
  readonly startProvider: () => Promise<ClientHttp2Session>;
  /** Types of resources, data sources and ephemeral resources whose schemas Terraform gets; read at each command. */
  readonly types: Iterable<string>;
}

/** Fields of GetProviderSchema.Response with schemas by type (Terraform, `tfplugin5.proto`). */
const schemasByType = new Set([2, 3, 8]);

const readVarint = (message: Buffer, start: number): { readonly value: number; readonly end: number } => {
  let value = 0;
  for (let end = start, factor = 1; ; end += 1, factor *= 128) {
    const byte = message.readUInt8(end);
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: end + 1 };
  }
};

/** Reads the fields of a Protocol Buffers message whose fields all have a length. */
const readFields = function* (message: Buffer) {
  for (let start = 0; start < message.length; ) {
    const { value: tag, end: tagEnd } = readVarint(message, start);
    if (tag % 8 !== 2) throw new Error(`Field ${tag >> 3} of the provider's schemas has no length.`);
    const { value: length, end: lengthEnd } = readVarint(message, tagEnd);
    const end = lengthEnd + length;
    yield {
      field: tag >> 3,
      content: message.subarray(lengthEnd, end),
      encoded: message.subarray(start, end),
    };
    start = end;
  }
};

/** Bytes of a gRPC message before its content: whether it is compressed, and its length. */
const prefixLength = 5;

const pickSchemas = (message: Buffer, types: ReadonlySet<string>): Buffer => {
  const kept = [...readFields(message.subarray(prefixLength))].filter(({ field, content }) => {
    const [key] = schemasByType.has(field) ? readFields(content) : [];
    return key === undefined || types.has(key.content.toString());
  });
  const content = Buffer.concat(kept.map(({ encoded }) => encoded));
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(content.length, 1);
  return Buffer.concat([prefix, content]);
};

/** Makes a call with one request and one response, and returns the response. */
const callProvider = async (
  provider: ClientHttp2Session,
  call: IncomingHttpHeaders,
  body: Buffer,
): Promise<Buffer> => {
  const request = provider.request(call);
  request.end(body);
  const received: IncomingHttpHeaders = {};
  for (const event of ["response", "trailers"] as const)
    request.on(event, (headers: IncomingHttpHeaders) => Object.assign(received, headers));
  const message = await buffer(request);
  const { "grpc-status": status, "grpc-message": reason } = received;
  if (status !== "0") throw new Error(`The provider answered with gRPC status ${status}: ${reason}`);
  return message;
};

const respond = (call: ServerHttp2Stream, message: Buffer): void => {
  call.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  call.on("wantTrailers", () => call.sendTrailers({ "grpc-status": "0" }));
  call.end(message);
};

/** Passes a call on, and its response back. */
const forward = (
  call: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  provider: ClientHttp2Session,
): void => {
  const request = provider.request(headers);
  let trailers: IncomingHttpHeaders = {};
  request.on("response", (response: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number) => {
    if (call.destroyed) return;
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    call.respond(response, { endStream, waitForTrailers: !endStream });
  });
  request.on("trailers", (received: IncomingHttpHeaders) => {
    trailers = received;
  });
  call.on("wantTrailers", () => call.sendTrailers(trailers));
  for (const [one, other] of [
    [call, request],
    [request, call],
  ] as const) {
    one.on("error", () => {});
    one.on("close", () => {
      if (!other.destroyed && one.rstCode !== constants.NGHTTP2_NO_ERROR) other.close(one.rstCode);
    });
  }
  call.pipe(request);
  request.pipe(call);
};

/** A process of the provider, and its response to Configure. */
interface ConfiguredProvider {
  readonly provider: ClientHttp2Session;
  readonly response: Buffer;
}

/** Responses of calls that depend on their request alone, by path and request. */
const responses = new Map<string, Promise<Buffer>>();

/**
 * Opens a server between Terraform and the processes of a provider. Terraform connects once for each provider
 * configuration. A process has only one, so each configuration gets a process, and is configured once.
 */
export const openProviderProxy = async (
  options: ProviderProxyOptions,
): Promise<{ close(): Promise<void> }> => {
  const first = await options.startProvider();
  /** By request of Configure. */
  const configured = new Map<string, Promise<ConfiguredProvider>>();
  const byConnection = new WeakMap<Http2Session, ClientHttp2Session>();
  const callOnce = (headers: IncomingHttpHeaders, body: Buffer): Promise<Buffer> => {
    const key = `${headers[":path"]} ${body.toString("base64")}`;
    const response = responses.get(key) ?? callProvider(first, headers, body);
    responses.set(key, response);
    return response;
  };
  const configure = async (headers: IncomingHttpHeaders, body: Buffer): Promise<ConfiguredProvider> => {
    const key = body.toString("base64");
    const existing = configured.get(key);
    if (existing !== undefined) return existing;
    const starting = configured.size === 0 ? Promise.resolve(first) : options.startProvider();
    const configuring = starting.then(async (provider) => ({
      provider,
      response: await callProvider(provider, headers, body),
    }));
    configured.set(key, configuring);
    // A response with content has diagnostics.
    if ((await configuring).response.length > prefixLength) configured.delete(key);
    return configuring;
  };
  const handle = async (call: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    const { session } = call;
    if (session === undefined) return;
    switch (headers[":path"]) {
      case "/tfplugin5.Provider/GetSchema":
        respond(call, pickSchemas(await callOnce(headers, await buffer(call)), new Set(options.types)));
        return;
      // Validates the configuration: with custom endpoints this takes seconds.
      case "/tfplugin5.Provider/PrepareProviderConfig":
        respond(call, await callOnce(headers, await buffer(call)));
        return;
      case "/tfplugin5.Provider/Configure": {
        const { provider, response } = await configure(headers, await buffer(call));
        byConnection.set(session, provider);
        respond(call, response);
        return;
      }
      default:
        forward(call, headers, byConnection.get(session) ?? first);
    }
  };
  const connections = new Set<Http2Session>();
  const server = createServer();
  server.on("session", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  server.on("stream", (call, headers) => {
    handle(call, headers).catch((cause: unknown) => call.destroy(cause instanceof Error ? cause : undefined));
  });
  server.listen(options.socket);
  await once(server, "listening");
  return {
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
};
