import { Construct } from "constructs";
import { ElastictranscoderPreset } from "#aws/elastictranscoder-preset";
import type { AwsProvider } from "#aws/provider";
import type { CreatePresetRequest } from "../pipeline/elastic-transcoder/api/requests/create-preset.ts";

/** Properties of `CustomPreset`. */
export interface CustomPresetProps {
  /** Request of the API's CreatePreset. A change REPLACES the preset, because presets are immutable. */
  readonly preset: CreatePresetRequest;
  readonly provider: AwsProvider;
}

/** Converts the API's field names to those of the Terraform bindings: `MaxWidth` to `maxWidth`, `FixedGOP` to `fixedGop`. */
const toCamelCaseKeys = <Value>(fields: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name === "FixedGOP" ? "fixedGop" : `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      value,
    ]),
  );

/** A custom preset of the transcoder. */
export class CustomPreset extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { preset, provider }: CustomPresetProps) {
    super(scope, id);
    const { Audio, Video, Thumbnails } = preset;
    const { CodecOptions: audioOptions, ...audio } = Audio ?? {};
    const { CodecOptions: videoOptions, Watermarks: watermarks = [], ...video } = Video ?? {};
    this.id = new ElastictranscoderPreset(this, "preset", {
      provider,
      name: preset.Name,
      container: preset.Container,
      ...(preset.Description === undefined ? {} : { description: preset.Description }),
      ...(Audio === undefined ? {} : { audio: toCamelCaseKeys(audio) }),
      ...(audioOptions === undefined ? {} : { audioCodecOptions: toCamelCaseKeys(audioOptions) }),
      ...(Video === undefined ? {} : { video: toCamelCaseKeys(video) }),
      ...(videoOptions === undefined ? {} : { videoCodecOptions: { ...videoOptions } }),
      ...(watermarks.length === 0
        ? {}
        : { videoWatermarks: watermarks.map((watermark) => toCamelCaseKeys({ ...watermark })) }),
      ...(Thumbnails === undefined ? {} : { thumbnails: toCamelCaseKeys({ ...Thumbnails }) }),
    }).id;
  }
}
