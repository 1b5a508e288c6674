import { describeRecipes } from "./describe-recipes.ts";
import { debianPrograms, packagedPrograms } from "./media-programs.ts";

for (const programs of [packagedPrograms(), debianPrograms()]) describeRecipes(programs, true);
