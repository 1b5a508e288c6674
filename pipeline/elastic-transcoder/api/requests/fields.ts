import * as z from "../../../schema/z.ts";

/*
 * Fields of the API and their valid values. Sources: the developer guide's page on each operation, and the limits in
 * the documentation of `@aws-sdk/client-elastic-transcoder`.
 */

const stringMatching = (pattern: RegExp) => z.string().check(z.regex(pattern));
const stringOfLength = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max));

export const id = stringMatching(/^\d{13}-\w{6}$/);
export const key = stringOfLength(1, 1024);
export const name = stringOfLength(1, 40);
export const bucketName = stringMatching(/^(\w|\.|-){1,255}$/);
export const role = stringMatching(/^arn:aws[\w-]*:iam::\w{12}:role\/.+$/);
export const topic = stringMatching(/^$|^arn:aws[\w-]*:sns:.*:\w{12}:.+$/);
export const kmsKeyArn = stringOfLength(0, 255);
export const ascending = stringMatching(/^(true|false)$/);
export const jobStatus = z.enum(["Submitted", "Progressing", "Complete", "Canceled", "Error"]);
/** Seconds, or `[HH:]MM:SS.sss`. */
export const time = stringMatching(
  /^(\d{1,5}(\.\d{0,3})?|([0-1]?\d:|2[0-3]:)?([0-5]?\d:)?[0-5]?\d(\.\d{0,3})?)$/,
);
export const timeSpan = z.strictObject({ StartTime: z.optional(time), Duration: z.optional(time) });

/** An integer in a string, from min to max. */
export const integerString = (min: number, max: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) => /^\d{1,7}$/.test(text) && Number(text) >= min && Number(text) <= max,
        `Member must be an integer between ${min} and ${max}`,
      ),
    );
/** An even number of pixels, or `auto`. */
export const evenIntegerOrAuto = (min: number, max: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) =>
          text === "auto" ||
          (/^\d{2,4}$/.test(text) && Number(text) % 2 === 0 && Number(text) >= min && Number(text) <= max),
        `Member must be auto, or an even integer between ${min} and ${max}`,
      ),
    );
/** `WIDTHxHEIGHT`, both even. */
export const evenResolution = (allowAuto: boolean, min: readonly [number, number]) =>
  z.string().check(
    z.refine(
      (text) => {
        if (allowAuto && text === "auto") return true;
        const [width = 0, height = 0] = /^\d{1,5}x\d{1,5}$/.test(text) ? text.split("x").map(Number) : [];
        return (
          width % 2 === 0 &&
          height % 2 === 0 &&
          width >= min[0] &&
          width <= 4096 &&
          height >= min[1] &&
          height <= 3072
        );
      },
      `Member must be ${allowAuto ? "auto or " : ""}WIDTHxHEIGHT, even, from ${min[0]}x${min[1]} to 4096x3072`,
    ),
  );

const isEmptyValue = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.every(isEmptyValue)) ||
  (typeof value === "object" && value !== null && Object.values(value).every(isEmptyValue));

/** A field of the API that this service does not support. An empty value is accepted. */
export const unsupportedField = (feature: string) =>
  z.optional(
    z.unknown().check(z.refine(isEmptyValue, `${feature}: not supported by this service; omit the field`)),
  );
