/**
 * The true peak in dBTP that audio may have before a lossy encoder. Loud music at -9 LUFS is then decoded at most at full
 * scale from AAC at 128 and 160 kbit/s and MP3 at 128, and loses at most 0.3 LU. Sources that are clipped or noise at
 * full scale are decoded up to 6 dB higher.
 */
export const encoderCeilingDbtp = -1.25;

/**
 * The true peak in dBTP before AAC at 128 kbit/s in stereo that keeps any source at or below full scale. Measured with
 * both builds of ffmpeg on tones with peaks between samples, clipped music, pink noise and impulses at full scale:
 * clipped music rises by 6.7 dB, to which 0.5 dB are added.
 */
export const worstCaseCeilingDbtp = -7.2;

/** Ceiling of a mix for a lossless codec: the limiter exceeds its own by up to 0.2 dB. */
export const losslessMixCeilingDbtp = -0.5;
