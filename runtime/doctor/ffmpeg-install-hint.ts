/** Returns how to install a current ffmpeg on a platform (`process.platform`), in one line. */
export const getFfmpegInstallHint = (platform: string): string => {
  if (platform === "darwin") return "Install a current ffmpeg: brew install ffmpeg.";
  if (platform === "win32") return "Install a current ffmpeg: winget install ffmpeg.";
  return "Install a current ffmpeg: apt-get install ffmpeg (Debian 12, Ubuntu 24.04 or later), dnf install ffmpeg (Fedora), or put a static build by John Van Sickle or BtbN on PATH.";
};
