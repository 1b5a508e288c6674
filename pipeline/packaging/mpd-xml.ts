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
