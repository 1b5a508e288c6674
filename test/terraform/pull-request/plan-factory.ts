import { parsePlan } from "../../../terraform/pull-request/plan-document.ts";

/** A change in Terraform's JSON; omitted fields are as in a plan without changes. */
export const change = (changes: Readonly<Record<string, unknown>>) => ({
  actions: ["no-op"],
  before: null,
  after: null,
  after_unknown: {},
  before_sensitive: {},
  after_sensitive: {},
  ...changes,
});

/** A resource of a plan. */
export const resource = (
  address: string,
  changes: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
) => ({ address, mode: "managed", type: address.split(".")[0], ...more, change: change(changes) });

/** A plan as Reelway reads it. */
export const plan = (changes: Readonly<Record<string, unknown>>) =>
  parsePlan({ format_version: "1.2", terraform_version: "1.11.4", ...changes });

/** A reference as Terraform's JSON writes it. */
export const reference = (to: string): string => `\${${to}}`;
