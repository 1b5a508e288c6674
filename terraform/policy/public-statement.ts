import type { Statement } from "./statements.ts";

/** Whether a statement of a resource-based policy allows access to everyone. */
export const isPublicStatement = ({ isAllow, principals }: Statement): boolean =>
  isAllow && principals.some(([kind, who]) => who === "*" && (kind === "*" || kind === "AWS"));
