import { renderApiPage } from "./api-page.ts";
import { renderCliPage } from "./cli-page.ts";
import { renderConfigurationPage } from "./configuration-page.ts";
import { renderConstructsPage } from "./constructs-page.ts";
import { renderCostsPage } from "./costs-page.ts";

/** The generated pages by their path in the repository. */
export const renderPages = (): Readonly<Record<string, string>> => ({
  "docs/api.md": renderApiPage(),
  "docs/cli.md": renderCliPage(),
  "docs/configuration.md": renderConfigurationPage(),
  "docs/constructs.md": renderConstructsPage(),
  "docs/costs.md": renderCostsPage(),
});
