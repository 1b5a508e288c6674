import type { ComponentProps } from "preact";

/** A video element, in which browsers play without leaving the page. Its captions are the children. */
export const Video = ({ children, ...properties }: ComponentProps<"video">) => (
  <video {...properties} playsInline>
    {children}
  </video>
);
