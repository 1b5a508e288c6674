import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { makeAttemptOutputs } from "../../docker/ffmpeg/attempt/make-outputs.ts";
import { computePublishingPercent } from "../../docker/ffmpeg/attempt/progress.ts";
import type { CheckedOutput } from "../../docker/ffmpeg/outputs/output-groups.ts";
import { checkKeys, createPublication } from "../../docker/ffmpeg/outputs/publish.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";

/** The stub's output for a key: the same in every attempt. */
export const stubOutputText = (key: string): string => `made for ${key}`;

/** Two images in a folder, or one file for each output of a transcoder job and its thumbnail. */
const plannedKeys = ({
  recipe,
  outputKeys,
}: AttemptSpecification): readonly { key: string; outputGroup?: string; isThumbnail?: true }[] => {
  if (recipe.name !== "transcode")
    return outputKeys.flatMap((folder) => [
      { key: `${folder}frame-00001.png` },
      { key: `${folder}frame-00002.png` },
    ]);
  return recipe.outputs.flatMap(({ key, thumbnailPattern }) => [
    { key, outputGroup: key },
    ...(thumbnailPattern === undefined
      ? []
      : [
          {
            key: `${thumbnailPattern.replace("{count}", "00001")}.png`,
            outputGroup: key,
            isThumbnail: true as const,
          },
        ]),
  ]);
};

/**
 * An attempt without media programs, which would take most of the time: the source is not read, and files of text are
 * made. All that surrounds the making is the worker's own.
 */
export const stubAttempt: typeof makeAttemptOutputs = async (
  ports,
  order,
  { folder, signal, recordPhase, outputGroups },
) => {
  await checkKeys(ports, order, outputGroups);
  await recordPhase({ formats: ["mov"], durationSeconds: 2 });
  const checked: CheckedOutput[] = [];
  for (const { key, ...rest } of plannedKeys(order)) {
    const path = join(folder, String(checked.length));
    const text = stubOutputText(key);
    await writeFile(path, text);
    checked.push({
      plannedOutput: { path, key, contentType: "image/png", isManifest: false, ...rest },
      output: { key, bytes: Buffer.byteLength(text) },
    });
  }
  const publication = createPublication(ports, order, checked, signal, outputGroups);
  return {
    outputs: () => outputGroups.collectOutputs(checked),
    warnings: [],
    publication: {
      ...publication,
      publish: (onPercent) =>
        publication.publish((count) => onPercent(computePublishingPercent(count, checked.length))),
    },
  };
};
