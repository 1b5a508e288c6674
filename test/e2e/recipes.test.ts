import { describeRecipes } from "./describe-recipes.ts";
import { packagedPrograms } from "./media-programs.ts";

describeRecipes(packagedPrograms(), false);
