import { generateId } from "../api/ids.ts";
import type { CreatePresetRequest } from "../api/requests/create-preset.ts";
import type { Preset } from "./preset.ts";

/** Builds a custom preset from a CreatePreset request. @param now milliseconds since 1970 */
export const buildPreset = (body: CreatePresetRequest, now: number): Preset => ({
  ...body,
  Id: generateId(now),
  Type: "Custom",
});
