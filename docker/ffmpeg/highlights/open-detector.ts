import { resolve } from "node:path";
import type { ChannelSettings } from "../../../pipeline/configuration/channels-schema.ts";
import { UserError } from "../../../pipeline/errors/errors.ts";
import type { LabelDetector } from "../../../pipeline/ports/label-detector.ts";

/** A detector that may have a process of its own. */
export interface OpenedDetector extends LabelDetector {
  /** Ends the process. The next request starts another. */
  close?(): Promise<void>;
}

/**
 * Opens the detector of a channel. Loads only the modules that it needs.
 *
 * @throws UserError if the file of recorded detections is not valid
 */
export const openDetector = async (
  { name, detector, recordedDetections }: Pick<ChannelSettings, "name" | "detector" | "recordedDetections">,
  region: string,
): Promise<OpenedDetector> => {
  switch (detector) {
    case "rekognition": {
      const { createRekognitionClient, createRekognitionDetector } = await import(
        "../../../adapters/aws/rekognition-detector.ts"
      );
      return createRekognitionDetector(createRekognitionClient({ region }));
    }
    case "human": {
      const { createHumanDetector } = await import("../../../adapters/local/human-detector.ts");
      return createHumanDetector();
    }
    case "recorded": {
      if (recordedDetections === undefined)
        throw new UserError(`Channel ${name} has no recordedDetections: set the path of a JSON file.`);
      const { createRecordedDetector, readRecordedDetections } = await import(
        "../../../adapters/local/recorded-detector.ts"
      );
      return createRecordedDetector(await readRecordedDetections(resolve(recordedDetections)));
    }
  }
};
