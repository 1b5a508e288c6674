import { createHash, createHmac } from "node:crypto";

/** The service's response to a request that no SDK would send. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly message: string;
}
export type SignedFetch = (method: string, path: string, body?: unknown, search?: string) => Promise<Answer>;

interface Options {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Milliseconds since 1970. */
  readonly now?: number;
  readonly service?: string;
  /** Sent in place of the body that was signed. */
  readonly forgedBody?: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs any body with Signature Version 4: text is sent unchanged, anything else as JSON. */
export const createSigner =
  (endpoint: string, options: Options = {}): SignedFetch =>
  async (method, path, body, search = "") => {
    const {
      accessKeyId = "FULLKEY",
      secretAccessKey = "full secret",
      service = "elastictranscoder",
    } = options;
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    const stamp = new Date(options.now ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, "");
    const date = stamp.slice(0, 8);
    const url = new URL(`/2012-09-25${path}`, endpoint);
    const query = [...new URLSearchParams(search)]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&");
    url.search = query;
    const canonical = [
      method,
      url.pathname.split("/").map(encode).join("/"),
      query,
      `host:${url.host}`,
      `x-amz-date:${stamp}`,
      "",
      "host;x-amz-date",
      sha256(text),
    ].join("\n");
    const scope = `${date}/us-east-1/${service}/aws4_request`;
    const key = [date, "us-east-1", service, "aws4_request"].reduce<string | Buffer>(
      (secret, part) => hmac(secret, part),
      `AWS4${secretAccessKey}`,
    );
    const signature = createHmac("sha256", key)
      .update(["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n"))
      .digest("hex");
    const response = await fetch(url, {
      method,
      ...(text === "" ? {} : { body: options.forgedBody ?? text }),
      headers: {
        "x-amz-date": stamp,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      },
    });
    const content = await response.text();
    return {
      status: response.status,
      type: response.headers.get("x-amzn-errortype"),
      message: content,
    };
  };
