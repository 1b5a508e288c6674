import { createHumanDetector } from "../../adapters/local/human-detector.ts";
import { findHumanFiles } from "../../adapters/local/human-packages.ts";
import { createRecordedDetector, readRecordedDetections } from "../../adapters/local/recorded-detector.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import type { DetectorName, LabelDetector } from "../../pipeline/ports/label-detector.ts";

/** A detector that is closed after its last request. */
export interface OpenDetector {
  readonly detector: LabelDetector;
  close(): Promise<void>;
}

const closeNothing = async (): Promise<void> => undefined;

/**
 * Opens the detector of a recording.
 *
 * @param detections file of the detector `recorded`
 * @throws CommandError if its packages are not installed; UserError if the file is not valid
 */
export const openDetector = async (
  name: DetectorName,
  detections: string | undefined,
): Promise<OpenDetector> => {
  if (name === "recorded")
    return {
      detector: createRecordedDetector(await readRecordedDetections(detections ?? "")),
      close: closeNothing,
    };
  if (name === "human") {
    try {
      findHumanFiles();
    } catch (cause) {
      throw new CommandError(formatError(cause), { cause });
    }
    const detector = createHumanDetector();
    return { detector, close: () => detector.close() };
  }
  const { createRekognitionClient, createRekognitionDetector } = await import(
    "../../adapters/aws/rekognition-detector.ts"
  );
  const client = createRekognitionClient();
  return { detector: createRekognitionDetector(client), close: async () => client.destroy() };
};
