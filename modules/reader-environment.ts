import type { StageStack } from "./stack.ts";

/** Returns the variables of a program that reads uploads. @param role name of its role */
export const getReaderVariables = (stack: StageStack, role: string) => ({
  ROLE_NAME: role,
  STAGE_NAME: stack.deployment.stage,
});
