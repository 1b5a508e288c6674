/** H.264 whose flat areas keep their luma, with a keyframe each second at 25 fps. */
export const h264Arguments = "-c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p -g 25".split(" ");
export const vp8Arguments = "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M".split(" ");
export const mpeg2Arguments = "-c:v mpeg2video -q:v 3".split(" ");
