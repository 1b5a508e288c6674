import type { Statement } from "./statements.ts";

/** Whether a statement of a resource's policy lets everybody in. */
export const isOpen = ({ allows, principals }: Statement): boolean =>
  allows && principals.some(([kind, who]) => who === "*" && (kind === "*" || kind === "AWS"));
