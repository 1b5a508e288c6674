import type { ComponentProps } from "preact";
import type { RenditionList } from "./rendition-list.ts";

/** A video element with the list that media-chrome reads. */
export interface VideoWithRenditions extends HTMLVideoElement {
  videoRenditions?: RenditionList;
}

/** A video element, in which browsers play without leaving the page. Its captions are the children. */
export const Video = ({ children, ...properties }: ComponentProps<"video">) => (
  <video {...properties} playsInline>
    {children}
  </video>
);
