import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import { build, type Metafile } from "esbuild";
import { collectStyleHashes } from "./element-styles.ts";
import { packageDirectory } from "./package-directory.ts";
import type { PageManifest } from "./page-files.ts";
import { collectLicenses } from "./page-licenses.ts";

const browsers = ["chrome111", "firefox114", "safari16.4"];
const assetFolder = "assets";

/** The page, bundled. */
interface PageBundle {
  /** Contents by path below the page's root, e.g. `index.html`. */
  readonly files: Readonly<Record<string, Buffer>>;
  readonly manifest: PageManifest;
}

const hashContent = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 10);

/** Lists the module that the page starts with, and those that it imports statically, with their styles. */
const listInitialFiles = ({ outputs }: Metafile, entryPoint: string): readonly string[] => {
  const [entry] = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint) ?? [];
  if (entry === undefined) throw new Error(`esbuild returned no bundle of ${entryPoint}.`);
  const files = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    const { imports = [], cssBundle } = outputs[path] ?? {};
    if (cssBundle !== undefined) files.add(cssBundle);
    for (const { path: imported, kind } of imports) if (kind === "import-statement") visit(imported);
  };
  visit(entry);
  return [...files];
};

/**
 * Bundles the page: modules and styles with a hash of their content in their names, so that browsers may keep them for
 * ever, and index.html, which names them.
 *
 * @param root folder of `web/` and `node_modules/`
 * @throws esbuild's error with file and line
 */
export const bundlePage = async (root = packageDirectory): Promise<PageBundle> => {
  const entry = "web/main.tsx";
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir: join(root, assetFolder),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    // Names of chunks depend on the paths of their files, also where node_modules/ is a link.
    preserveSymlinks: true,
    format: "esm",
    minify: true,
    write: false,
    metafile: true,
    target: browsers,
    loader: { ".svg": "file" },
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const initialFiles = listInitialFiles(metafile, entry);
  const files: Record<string, Buffer> = {};
  for (const { path: outputPath, contents } of outputFiles) {
    const path = `${assetFolder}/${basename(outputPath)}`;
    // The styles of the entry include those of all views. esbuild writes them once more for each view.
    if (!path.endsWith(".css") || initialFiles.includes(path)) files[path] = Buffer.from(contents);
  }
  const addContent = (source: string, content: Buffer): string => {
    const { name, ext } = parse(source);
    const path = `${assetFolder}/${name}-${hashContent(content)}${ext}`;
    files[path] = content;
    return path;
  };
  const addFile = async (source: string) => addContent(source, await readFile(join(root, source)));
  const icon = await addFile("web/icon.svg");
  const licenses = addContent("licenses.txt", await collectLicenses(root, Object.keys(metafile.inputs)));
  const head = initialFiles.map((path) =>
    path.endsWith(".css")
      ? `<link rel="stylesheet" href="/${path}" />`
      : path.includes("/main-")
        ? `<script type="module" src="/${path}"></script>`
        : `<link rel="modulepreload" href="/${path}" />`,
  );
  const template = await readFile(join(root, "web/index.html"), "utf8");
  files["index.html"] = Buffer.from(
    template
      .replace("/assets/icon.svg", `/${icon}`)
      .replace("/assets/licenses.txt", `/${licenses}`)
      .replace("<!-- styles and modules -->", head.join("\n    ")),
  );
  return {
    files,
    manifest: {
      assets: Object.keys(files)
        .filter((path) => path.startsWith(`${assetFolder}/`))
        .sort(),
      styleHashes: await collectStyleHashes(root),
    },
  };
};
