import { parsePlan } from "../../../terraform/pull-request/plan-document.ts";

/** A change as Terraform's JSON tells it; what is not given is as in a plan that does nothing. */
export const change = (given: Readonly<Record<string, unknown>>) => ({
  actions: ["no-op"],
  before: null,
  after: null,
  after_unknown: {},
  before_sensitive: {},
  after_sensitive: {},
  ...given,
});

/** A resource of a plan. */
export const resource = (
  address: string,
  given: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
) => ({ address, mode: "managed", type: address.split(".")[0], ...more, change: change(given) });

/** A plan as Reelway reads it. */
export const plan = (given: Readonly<Record<string, unknown>>) =>
  parsePlan({ format_version: "1.2", terraform_version: "1.11.4", ...given });

/** A reference as Terraform's JSON writes it. */
export const reference = (to: string): string => `\${${to}}`;
