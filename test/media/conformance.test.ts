import { packagedPrograms } from "../e2e/media-programs.ts";
import { allInputs } from "./inputs/all-inputs.ts";
import { describeConformance } from "./suite/describe-conformance.ts";

describeConformance(
  [packagedPrograms()],
  allInputs.filter(({ isSample }) => isSample === true),
);
