/**
 * Converts CMYK pixels without an ICC profile to RGB as browsers do: each of red, green and blue is the light that its
 * ink and black leave. Inks are 0 (none) to 255.
 *
 * @param pixels interleaved, with 4 channels, or 5 with alpha
 * @returns interleaved RGB, or RGBA with alpha
 */
export const convertCmykToRgb = (pixels: Uint8Array, channels: number): Uint8Array => {
  const hasAlpha = channels > 4;
  const outputChannels = hasAlpha ? 4 : 3;
  const rgb = new Uint8Array((pixels.length / channels) * outputChannels);
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += outputChannels) {
    const light = 255 - (pixels[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink += 1)
      rgb[to + ink] = Math.round(((255 - (pixels[from + ink] ?? 0)) * light) / 255);
    if (hasAlpha) rgb[to + 3] = pixels[from + 4] ?? 255;
  }
  return rgb;
};
