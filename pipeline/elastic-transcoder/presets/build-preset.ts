import { generateId } from "../api/ids.ts";
import type { CreatePresetRequest } from "../api/requests/create-preset.ts";
import type { Preset } from "./preset.ts";

/** The custom preset that a request describes. */
export const buildPreset = (body: CreatePresetRequest, now: number): Preset => ({
  ...body,
  Id: generateId(now),
  Type: "Custom",
});
