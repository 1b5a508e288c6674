import { packagedPrograms } from "../../e2e/media-programs.ts";
import { describeMissingComponents } from "./describe-missing-components.ts";

describeMissingComponents(packagedPrograms());
