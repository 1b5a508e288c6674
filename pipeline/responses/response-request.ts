import { createHmac } from "node:crypto";
import { getContentType } from "../uploads/content-type.ts";

/** Prefix of the keys of all responses. */
export const responsesPrefix = "responses/";

/** Types of videos, by extension. */
export const responseTypes = ["webm", "mp4", "mov"] as const;
export type ResponseType = (typeof responseTypes)[number];

/** Without `-`, so that no two projects and steps have the same `ProjectStep`. */
export const projectPattern = /^[A-Za-z0-9_]{1,64}$/;
export const stepPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** A valid e-mail address (WHATWG HTML standard, "Email state"). */
const mailPattern =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const maxMailLength = 254;

/** Whether a text is an e-mail address. */
export const isMail = (text: string): boolean => text.length <= maxMailLength && mailPattern.test(text);

/** A request for the upload of a response. */
export interface ResponseRequest {
  readonly project: string;
  readonly step: string;
  /** In lower case. */
  readonly mail: string;
  readonly type: ResponseType;
}

/** Identifies a response. */
export type ResponseKey = Pick<ResponseRequest, "project" | "step" | "mail">;

/** Converts an e-mail address to the form that identifies its owner. */
export const normalizeMail = (mail: string): string => mail.toLowerCase();

/** The keyed hash of an e-mail address, which object keys contain instead of the address: HMAC-SHA256, hexadecimal. */
const hashMail = (mail: string, key: Uint8Array): string =>
  createHmac("sha256", key).update(mail).digest("hex");

/** The key of a response's video without its extension. */
export const buildVideoKeyStem = ({ project, step, mail }: ResponseKey, key: Uint8Array): string =>
  `${responsesPrefix}${project}/${step}/${hashMail(mail, key)}`;

/** The media type of a response's video. */
export const getResponseContentType = (type: ResponseType): string => getContentType(`video.${type}`);

const videoKeyPattern = new RegExp(
  `^(${responsesPrefix}[A-Za-z0-9_]{1,64}/[A-Za-z0-9_-]{1,64}/[0-9a-f]{64})\\.(?:${responseTypes.join("|")})$`,
);

/** The stem of a response's video key; undefined for any other key. */
export const parseVideoKeyStem = (key: string): string | undefined => videoKeyPattern.exec(key)?.[1];
