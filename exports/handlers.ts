export type { NewThumbnail } from "../lambdas/on-output/on-output.ts";
