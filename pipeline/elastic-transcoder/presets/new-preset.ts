import { newId } from "../api/ids.ts";
import type { CreatePresetRequest } from "../api/requests/create-preset.ts";
import type { Preset } from "./preset.ts";

/** The custom preset that a request describes. */
export const newPreset = (body: CreatePresetRequest, now: number): Preset => ({
  ...body,
  Id: newId(now),
  Type: "Custom",
});
