import { getDroppedFiles } from "@uppy/core/utils";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SelectedFile } from "./uploads.ts";

/** The folders of a path; empty, or ending in `/`. */
const getFolder = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1).replace(/^\/+/, "");

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

/** Files of a drop, with those in its folders. */
const readDrop = async (dataTransfer: DataTransfer): Promise<readonly SelectedFile[]> => {
  const files = await getDroppedFiles(dataTransfer);
  return files.map((file) => ({
    file,
    folder: getFolder("relativePath" in file ? String(file.relativePath ?? "") : ""),
  }));
};

/** Whether files are dragged over the page, which accepts them everywhere. */
const useDrop = (onFiles: (files: readonly SelectedFile[]) => void): boolean => {
  const [isOver, setOver] = useState(false);
  const handler = useRef(onFiles);
  handler.current = onFiles;
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      void readDrop(event.dataTransfer).then((files) => handler.current(files));
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: over, drop } as const;
    const entries = Object.entries(listeners) as [keyof typeof listeners, typeof drop][];
    for (const [name, listener] of entries) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) document.removeEventListener(name, listener);
    };
  }, []);
  return isOver;
};

interface DropZoneProps {
  /** Accepted extensions, without the dot. */
  readonly extensions: readonly string[];
  readonly onFiles: (files: readonly SelectedFile[]) => void;
}

const canChooseFolders = "webkitdirectory" in HTMLInputElement.prototype;

/** Takes files and folders: dropped anywhere on the page, or chosen. */
export const DropZone = ({ extensions, onFiles }: DropZoneProps) => {
  const isOver = useDrop(onFiles);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (folder.current !== null) folder.current.webkitdirectory = true;
  }, []);
  const receive = (input: HTMLInputElement): void => {
    const selectedFiles = [...(input.files ?? [])].map((file) => ({
      file,
      folder: getFolder(file.webkitRelativePath),
    }));
    input.value = "";
    if (selectedFiles.length > 0) onFiles(selectedFiles);
  };
  const common = { type: "file", multiple: true, hidden: true } as const;
  return (
    <section class={isOver ? "upload-zone upload-zone-over" : "upload-zone"} aria-label="Add files">
      <p class="upload-zone-title">
        <span class="upload-zone-drop">
          {isOver ? "Drop to upload" : "Drop files or a folder anywhere on this page"}
        </span>
        <span class="upload-zone-touch">Add videos, audio or images</span>
      </p>
      <div class="upload-zone-actions">
        <input
          {...common}
          ref={files}
          accept={extensions.map((extension) => `.${extension}`).join(",")}
          onChange={({ currentTarget }) => receive(currentTarget)}
        />
        <button
          type="button"
          id="upload-choose"
          class="button button-primary"
          onClick={() => files.current?.click()}
        >
          Choose files
        </button>
        {canChooseFolders && (
          <>
            <input {...common} ref={folder} onChange={({ currentTarget }) => receive(currentTarget)} />
            <button type="button" class="button" onClick={() => folder.current?.click()}>
              Choose a folder
            </button>
          </>
        )}
      </div>
      <p class="muted">Accepted: {extensions.join(", ")}</p>
      <p class="muted">
        Uploads start at once. You can pause them and open other views. They go on after a lost connection and
        after a reload.
      </p>
    </section>
  );
};
