import { priceTable } from "./price-table.ts";

/** Price of one frame at Amazon Rekognition, US dollars: DetectLabels, and RecognizeCelebrities if requested. */
export const computeRekognitionUsd = ({ celebrities }: { readonly celebrities: boolean }): number =>
  priceTable.services.rekognition.perImage * (celebrities ? 2 : 1);
