declare module "@ffprobe-installer/ffprobe" {
  const installer: { readonly path: string; readonly version: string };
  export default installer;
}
