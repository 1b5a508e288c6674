/** An element: its name, its attributes (an undefined one is left out), and its text or the elements inside. */
export type XmlElement = readonly [
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  contents?: string | readonly XmlElement[],
];

const escapeXml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
    // XML 1.0, 2.2: no control characters, not even escaped.
    .replace(/\p{Cc}+/gu, " ");

/** Renders an element with the elements inside, one per line. */
export const renderElement = ([name, attributes, contents = []]: XmlElement, indent = ""): string => {
  const attributeText = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeXml(String(value))}"`]))
    .join("");
  if (typeof contents === "string")
    return `${indent}<${name}${attributeText}>${escapeXml(contents)}</${name}>`;
  if (contents.length === 0) return `${indent}<${name}${attributeText}/>`;
  return [
    `${indent}<${name}${attributeText}>`,
    ...contents.map((element) => renderElement(element, `${indent}  `)),
    `${indent}</${name}>`,
  ].join("\n");
};

/** Formats a duration in seconds (XML Schema, part 2, `duration`). */
export const formatDuration = (seconds: number): string => `PT${seconds.toFixed(3)}S`;

/** Formats a frame rate as an integer or a fraction, as the schema demands (ISO/IEC 23009-1, 5.3.7). */
export const formatFrameRate = (framesPerSecond: number): string => {
  const nearest = Math.round(framesPerSecond);
  if (Math.abs(framesPerSecond - nearest) < 0.001) return String(nearest);
  const nearestNtsc = Math.round(framesPerSecond * 1.001);
  if (Math.abs(framesPerSecond - nearestNtsc / 1.001) < 0.002) return `${nearestNtsc * 1000}/1001`;
  return `${Math.round(framesPerSecond * 1000)}/1000`;
};
