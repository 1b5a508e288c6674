import { defineConfig } from "reelway";

export default defineConfig({
  project: "lectures",
  stages: {
    dev: {
      inputBucket: "lectures-dev-input",
      outputBucket: "lectures-dev-output",
      region: "eu-central-1",
    },
  },
  routes: [
    {
      name: "ladder",
      extensions: ["mp4", "mov", "mkv"],
      engine: "ffmpeg",
      recipe: { name: "ladder" },
      outputs: ["output/{path}{name}.{ext}/"],
    },
  ],
});
