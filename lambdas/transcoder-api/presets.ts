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

/** Custom ones; the service allowed 50. */
const maxPresets = 300;

/** The system presets are older than any other: they come first, or last where the order is reversed. */
const addSystemPresets = (
  { ascending, cursor }: TranscoderPageRequest,
  customPresets: readonly Preset[],
  hasMore: boolean,
): readonly Preset[] => {
  if (ascending) return cursor === undefined ? [...systemPresets, ...customPresets] : customPresets;
  return hasMore ? customPresets : [...customPresets, ...[...systemPresets].reverse()];
};

/** CreatePreset, ListPresets, ReadPreset, DeletePreset. */
export const createPresetOperations = ({ store, scope, clock }: TranscoderApiPorts): Hono => {
  const app = new Hono();

  app.post("/presets", async (context) => {
    const body = parseCreatePreset(await parseJsonBody(context));
    const { entries } = await store.listPresets({ ascending: true, limit: maxPresets });
    if (entries.length >= maxPresets)
      throw new ApiError(
        "LimitExceededException",
        `There are ${maxPresets} custom presets, as many as there may be. Delete one that is not needed.`,
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
      throw new ApiError("AccessDeniedException", `Preset ${id} is a system preset: it cannot be deleted.`);
    if (!(await store.deletePreset(id))) requireFound("preset", id, undefined);
    return context.json({ Success: "true" }, 202);
  });
  return app;
};
