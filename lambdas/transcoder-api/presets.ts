import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { renderPreset } from "../../pipeline/elastic-transcoder/api/render.ts";
import { parseCreatePreset } from "../../pipeline/elastic-transcoder/api/requests/create-preset.ts";
import type { TranscoderPageRequest } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { buildPreset } from "../../pipeline/elastic-transcoder/presets/build-preset.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset, systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { parseJsonBody, parsePageRequest, parsePathId, readPage, requireFound } from "./request.ts";

/** Limit for custom presets; Elastic Transcoder allowed 50. */
const maxPresets = 300;

/** Adds the system presets, which are older than all others: first, or last in descending order. */
const addSystemPresets = (
  { ascending, cursor }: TranscoderPageRequest,
  customPresets: readonly Preset[],
  hasMore: boolean,
): readonly Preset[] => {
  if (ascending) return cursor === undefined ? [...systemPresets, ...customPresets] : customPresets;
  return hasMore ? customPresets : [...customPresets, ...[...systemPresets].reverse()];
};

/** Creates the operations CreatePreset, ListPresets, ReadPreset and DeletePreset. */
export const createPresetOperations = ({ store, scope, clock }: TranscoderApiPorts): Hono => {
  const app = new Hono();

  app.post("/presets", async (context) => {
    const body = parseCreatePreset(await parseJsonBody(context));
    const { entries } = await store.listPresets({ ascending: true, limit: maxPresets });
    if (entries.length >= maxPresets)
      throw new ApiError(
        "LimitExceededException",
        `The limit of ${maxPresets} custom presets is reached. Delete an unused preset.`,
      );
    const preset = buildPreset(body, clock.now().getTime());
    await store.createPreset(preset);
    return context.json({ Preset: renderPreset(preset, scope), Warning: "" }, 201);
  });
  app.get("/presets", async (context) => {
    const page = parsePageRequest(context, true);
    const { entries, token } = await readPage(store.listPresets(page));
    const presets = addSystemPresets(page, entries, token.NextPageToken !== undefined);
    return context.json({ Presets: presets.map((preset) => renderPreset(preset, scope)), ...token });
  });
  app.get("/presets/:id", async (context) => {
    const id = parsePathId(context);
    const preset = requireFound("preset", id, findSystemPreset(id) ?? (await store.readPreset(id)));
    return context.json({ Preset: renderPreset(preset, scope) });
  });
  app.delete("/presets/:id", async (context) => {
    const id = parsePathId(context);
    if (findSystemPreset(id) !== undefined)
      throw new ApiError("AccessDeniedException", `Preset ${id} is a system preset and cannot be deleted.`);
    if (!(await store.deletePreset(id))) requireFound("preset", id, undefined);
    return context.json({ Success: "true" }, 202);
  });
  return app;
};
