import { Construct } from "constructs";
import { ElastictranscoderPreset } from "#aws/elastictranscoder-preset";
import type { AwsProvider } from "#aws/provider";
import type { CreatePresetRequest } from "../pipeline/elastic-transcoder/api/requests/create-preset.ts";

export interface CustomPresetProps {
  /** As the API's CreatePreset takes it. A change REPLACES the preset: presets cannot be changed. */
  readonly preset: CreatePresetRequest;
  readonly provider: AwsProvider;
}

/** The API's names as Terraform's bindings write them: `MaxWidth` is `maxWidth`, `FixedGOP` is `fixedGop`. */
const toCamelCaseKeys = <Value>(fields: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name === "FixedGOP" ? "fixedGop" : `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      value,
    ]),
  );

/** A preset of the team's own in the transcoder. */
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
