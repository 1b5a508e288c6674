import type { ComponentProps } from "preact";
import type { AudioTrackList } from "./audio-track-list.ts";
import type { RenditionList } from "./rendition-list.ts";

/** A video element with the lists that media-chrome reads. */
export interface VideoWithRenditions extends HTMLVideoElement {
  videoRenditions?: RenditionList;
  audioTracks?: AudioTrackList;
}

/** A video element, in which browsers play without leaving the page. Its captions are the children. */
export const Video = ({ children, ...properties }: ComponentProps<"video">) => (
  <video {...properties} playsInline>
    {children}
  </video>
);
