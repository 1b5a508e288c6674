export type { ConfigurationInput } from "../pipeline/configuration/schema.ts";
export { defineConfig } from "../pipeline/configuration/schema.ts";
