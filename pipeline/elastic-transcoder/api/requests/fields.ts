import * as z from "../../../schema/z.ts";

/*
 * Fields of the API and what it accepts in them: the developer guide's pages on each operation, and the bounds in
 * the documentation of `@aws-sdk/client-elastic-transcoder`.
 */

const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));
const length = (least: number, most: number) => z.string().check(z.minLength(least), z.maxLength(most));

export const id = matching(/^\d{13}-\w{6}$/);
export const key = length(1, 1024);
export const name = length(1, 40);
export const bucketName = matching(/^(\w|\.|-){1,255}$/);
export const role = matching(/^arn:aws[\w-]*:iam::\w{12}:role\/.+$/);
export const topic = matching(/^$|^arn:aws[\w-]*:sns:.*:\w{12}:.+$/);
export const kmsKeyArn = length(0, 255);
export const ascending = matching(/^(true|false)$/);
export const jobStatus = z.enum(["Submitted", "Progressing", "Complete", "Canceled", "Error"]);
/** Seconds, or hours, minutes and seconds. */
export const time = matching(/^(\d{1,5}(\.\d{0,3})?|([0-1]?\d:|2[0-3]:)?([0-5]?\d:)?[0-5]?\d(\.\d{0,3})?)$/);
export const timeSpan = z.strictObject({ StartTime: z.optional(time), Duration: z.optional(time) });

/** A number in a string, between two bounds. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) => /^\d{1,7}$/.test(text) && Number(text) >= least && Number(text) <= most,
        `Member must be an integer between ${least} and ${most}`,
      ),
    );
/** An even number of pixels, or `auto`. */
export const evenOrAuto = (least: number, most: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) =>
          text === "auto" ||
          (/^\d{2,4}$/.test(text) && Number(text) % 2 === 0 && Number(text) >= least && Number(text) <= most),
        `Member must be auto, or an even integer between ${least} and ${most}`,
      ),
    );
/** `WIDTHxHEIGHT`, both even. */
export const evenSize = (automatic: boolean, least: readonly [number, number]) =>
  z.string().check(
    z.refine(
      (text) => {
        if (automatic && text === "auto") return true;
        const [width = 0, height = 0] = /^\d{1,5}x\d{1,5}$/.test(text) ? text.split("x").map(Number) : [];
        return (
          width % 2 === 0 &&
          height % 2 === 0 &&
          width >= least[0] &&
          width <= 4096 &&
          height >= least[1] &&
          height <= 3072
        );
      },
      `Member must be ${automatic ? "auto or " : ""}WIDTHxHEIGHT, even, from ${least[0]}x${least[1]} to 4096x3072`,
    ),
  );

const asksNothing = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.every(asksNothing)) ||
  (typeof value === "object" && value !== null && Object.values(value).every(asksNothing));

/** A field of the API that this service does not carry out: an empty one asks for nothing and is accepted. */
export const refused = (feature: string) =>
  z.optional(
    z
      .unknown()
      .check(z.refine(asksNothing, `${feature}: not supported by this service; leave the field out`)),
  );
