/** Spelling of a label by which labels are compared and stored: detectors differ in case (`Person`, `person`). */
export const normalizeLabel = (name: string): string => name.trim().toLowerCase();

/** Whether two names mean the same label, also if their case or surrounding white space differ. */
export const isSameLabel = (first: string, second: string): boolean =>
  normalizeLabel(first) === normalizeLabel(second);
