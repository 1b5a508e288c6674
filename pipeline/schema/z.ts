import { config } from "zod/v4/core";
import { en } from "zod/v4/locales";

// Without a language every message of zod's small build is "Invalid input".
config(en());

/**
 * zod's small build, with messages in English: what functions need of zod is a tenth of the size of its usual build.
 * Import it whole (`import * as z`), so that a bundle takes only what is used.
 */
export * from "zod/mini";
