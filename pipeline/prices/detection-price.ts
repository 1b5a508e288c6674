import { priceTable } from "./price-table.ts";

/** Price of one frame at Amazon Rekognition, US dollars: DetectLabels and RecognizeCelebrities, each if requested. */
export const computeRekognitionUsd = ({
  celebrities,
  labels = true,
}: {
  readonly celebrities: boolean;
  readonly labels?: boolean;
}): number => priceTable.services.rekognition.perImage * [labels, celebrities].filter(Boolean).length;
