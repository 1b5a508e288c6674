import { describeRecipes } from "./describe-recipes.ts";
import { debianPrograms } from "./media-programs.ts";

describeRecipes(debianPrograms());
