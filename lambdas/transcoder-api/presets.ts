import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { renderPreset } from "../../pipeline/elastic-transcoder/api/render.ts";
import { parseCreatePreset } from "../../pipeline/elastic-transcoder/api/requests/create-preset.ts";
import type { TranscoderPageRequest } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { newPreset } from "../../pipeline/elastic-transcoder/presets/new-preset.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { systemPreset, systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { found, jsonBody, pageRequest, pathId, readPage } from "./request.ts";

/** Custom ones; the service allowed 50. */
const mostPresets = 300;

/** The system presets are older than any other: they come first, or last where the order is reversed. */
const withSystemPresets = (
  { ascending, cursor }: TranscoderPageRequest,
  custom: readonly Preset[],
  more: boolean,
): readonly Preset[] => {
  if (ascending) return cursor === undefined ? [...systemPresets, ...custom] : custom;
  return more ? custom : [...custom, ...[...systemPresets].reverse()];
};

/** CreatePreset, ListPresets, ReadPreset, DeletePreset. */
export const presetOperations = ({ store, scope, clock }: TranscoderApiPorts): Hono => {
  const app = new Hono();

  app.post("/presets", async (context) => {
    const body = parseCreatePreset(await jsonBody(context));
    const { entries } = await store.listPresets({ ascending: true, limit: mostPresets });
    if (entries.length >= mostPresets)
      throw new ApiError(
        "LimitExceededException",
        `There are ${mostPresets} custom presets, as many as there may be. Delete one that is not needed.`,
      );
    const preset = newPreset(body, clock.now().getTime());
    await store.createPreset(preset);
    return context.json({ Preset: renderPreset(preset, scope), Warning: "" }, 201);
  });
  app.get("/presets", async (context) => {
    const page = pageRequest(context, true);
    const { entries, token } = await readPage(store.listPresets(page));
    const presets = withSystemPresets(page, entries, token.NextPageToken !== undefined);
    return context.json({ Presets: presets.map((preset) => renderPreset(preset, scope)), ...token });
  });
  app.get("/presets/:id", async (context) => {
    const id = pathId(context);
    const preset = found("preset", id, systemPreset(id) ?? (await store.readPreset(id)));
    return context.json({ Preset: renderPreset(preset, scope) });
  });
  app.delete("/presets/:id", async (context) => {
    const id = pathId(context);
    if (systemPreset(id) !== undefined)
      throw new ApiError("AccessDeniedException", `Preset ${id} is a system preset: it cannot be deleted.`);
    if (!(await store.deletePreset(id))) found("preset", id, undefined);
    return context.json({ Success: "true" }, 202);
  });
  return app;
};
