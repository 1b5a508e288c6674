import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { S3Object } from "#aws/s3-object";
import { AssetType, Fn, TerraformAsset, TerraformIterator } from "#cdktf";
import {
  pageCacheControl,
  pageContentTypes,
  pageDirectory,
  pagePolicyPlaceholder,
  readPageManifest,
} from "../build/page-files.ts";
import { buildPagePolicy } from "../pipeline/api/page.ts";

/** Properties of `PageFiles`. */
export interface PageFilesProps {
  readonly bucket: string;
  /** URL of the input bucket, to which the page uploads. */
  readonly uploadUrl: string;
}

/** The files of the page in its bucket. The document, which names the assets, is replaced after they exist. */
export class PageFiles extends Construct {
  constructor(scope: Construct, id: string, { bucket, uploadUrl }: PageFilesProps) {
    super(scope, id);
    const { path } = new TerraformAsset(this, "files", { path: pageDirectory, type: AssetType.DIRECTORY });
    const { assets: paths, styleHashes } = readPageManifest();
    const files = readdirSync(join(pageDirectory, "assets")).map((name) => `assets/${name}`);
    if (files.sort().join() !== paths.join())
      throw new Error(`${pageDirectory} is not a complete build of the page. Build it again: npm run build`);
    const iterator = TerraformIterator.fromList(Fn.fileset(path, "assets/*"));
    const file = `${path}/${iterator.value}`;
    const assets = new S3Object(this, "assets", {
      forEach: iterator,
      bucket,
      key: iterator.value,
      source: file,
      sourceHash: Fn.filesha256(file),
      contentType: Fn.lookup(
        pageContentTypes,
        Fn.regex("[^.]+$", iterator.value),
        "application/octet-stream",
      ),
      cacheControl: pageCacheControl.asset,
      // Assets that no document names any more go last.
      lifecycle: { createBeforeDestroy: true },
    });
    const policy = buildPagePolicy({ styleHashes, uploadUrl });
    new S3Object(this, "document", {
      bucket,
      key: "index.html",
      content: Fn.replace(Fn.file(`${path}/index.html`), pagePolicyPlaceholder, policy),
      contentType: pageContentTypes.html,
      cacheControl: pageCacheControl.document,
      dependsOn: [assets],
    });
  }
}
