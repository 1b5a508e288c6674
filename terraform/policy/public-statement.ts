import type { Statement } from "./statements.ts";

/** Whether a statement of a resource's policy lets everybody in. */
export const isPublicStatement = ({ isAllow, principals }: Statement): boolean =>
  isAllow && principals.some(([kind, who]) => who === "*" && (kind === "*" || kind === "AWS"));
