/** All operations of the API with their routes and success statuses (API reference 2012-09-25). */
export const operations = [
  ["CreateJob", "POST /jobs", 201],
  ["ReadJob", "GET /jobs/{Id}", 200],
  ["CancelJob", "DELETE /jobs/{Id}", 202],
  ["ListJobsByPipeline", "GET /jobsByPipeline/{PipelineId}", 200],
  ["ListJobsByStatus", "GET /jobsByStatus/{Status}", 200],
  ["CreatePipeline", "POST /pipelines", 201],
  ["ListPipelines", "GET /pipelines", 200],
  ["ReadPipeline", "GET /pipelines/{Id}", 200],
  ["UpdatePipeline", "PUT /pipelines/{Id}", 200],
  ["UpdatePipelineNotifications", "POST /pipelines/{Id}/notifications", 200],
  ["UpdatePipelineStatus", "POST /pipelines/{Id}/status", 200],
  ["DeletePipeline", "DELETE /pipelines/{Id}", 202],
  ["CreatePreset", "POST /presets", 201],
  ["ListPresets", "GET /presets", 200],
  ["ReadPreset", "GET /presets/{Id}", 200],
  ["DeletePreset", "DELETE /presets/{Id}", 202],
  ["TestRole", "POST /roleTests", 200],
] as const;

/** Job and output error codes of the service for what this one rejects at CreateJob. */
export const codesOfRefused: Readonly<Record<string, string>> = {
  "4009–4013": "album art",
  "4016–4021": "keys of encryption",
  "4022–4026": "stitching",
  "4100–4106": "captions",
};
/** Codes that this service never uses, and why. */
export const unusedCodes: Readonly<Record<number, string>> = {
  3006: "buckets of another region are read as any other",
};
