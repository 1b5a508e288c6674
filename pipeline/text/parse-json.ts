/** Parses JSON; returns undefined, which is not a JSON value, if the text is not valid. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
