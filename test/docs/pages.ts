import { renderApiPage } from "./api-page.ts";
import { renderApiTypes } from "./api-types.ts";
import { renderCliPage } from "./cli-page.ts";
import { renderConfigurationPage } from "./configuration-page.ts";
import { renderConstructsPage } from "./constructs-page.ts";
import { renderCostsPage } from "./costs-page.ts";
import { renderMediaConformancePage } from "./media-conformance-page.ts";

/** The generated pages, and the types of the API's client, by their path in the repository. */
export const renderPages = async (): Promise<Readonly<Record<string, string>>> => ({
  "docs/api.md": renderApiPage(),
  "docs/cli.md": renderCliPage(),
  "docs/configuration.md": renderConfigurationPage(),
  "docs/constructs.md": renderConstructsPage(),
  "docs/costs.md": renderCostsPage(),
  "docs/media-conformance.md": renderMediaConformancePage(),
  "web/api/schema.ts": await renderApiTypes(),
});
