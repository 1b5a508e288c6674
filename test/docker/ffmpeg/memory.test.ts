import { packagedPrograms } from "../../e2e/media-programs.ts";
import { describeMemory } from "./describe-memory.ts";

describeMemory(packagedPrograms());
