import * as z from "zod";

const signedFormSchema = z.object({
  method: z.literal("POST"),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  headers: z.object({}).strict(),
});
/** A signed form. */
export type SignedForm = z.infer<typeof signedFormSchema>;

/** Signs the upload of a file through the API. */
export const signForm = async (base: string, key: string, type = "video/mp4"): Promise<SignedForm> => {
  const response = await fetch(`${base}/s3/params?${new URLSearchParams({ filename: key, type })}`);
  return signedFormSchema.parse(await response.json());
};

/** Builds the form of a browser: the fields, then the file. */
export const buildForm = (fields: Readonly<Record<string, string>>, content: Blob | string): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", typeof content === "string" ? new Blob([content]) : content, "file.bin");
  return form;
};

/** Uploads a file with a signed form. */
export const uploadForm = async (
  base: string,
  key: string,
  content: Blob | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  const { url, fields } = await signForm(base, key);
  return fetch(url, { method: "POST", headers, body: buildForm(fields, content) });
};

const boundary = "----boundary";
/** Content-Type of `formatForm`. */
export const formContentType = `multipart/form-data; boundary=${boundary}`;

/** Formats a form for a raw connection: what comes before the bytes of the file, and what follows them. */
export const formatForm = (
  fields: Readonly<Record<string, string>>,
): { readonly head: string; readonly tail: string } => ({
  head: [
    ...Object.entries(fields).map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: video/mp4\r\n\r\n`,
  ].join(""),
  tail: `\r\n--${boundary}--\r\n`,
});

/** The head of a POST of a form on a raw connection. */
export const formatFormRequest = (url: string, bodyBytes: number, ...headers: readonly string[]): string => {
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    `Content-Type: ${formContentType}`,
    `Content-Length: ${bodyBytes}`,
    ...headers,
    "",
    "",
  ].join("\r\n");
};
