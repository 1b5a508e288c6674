// Runs in a page that has hls.js and one video.

/** Plays a playlist to its last frame, four times as fast as it is. */
globalThis.playToEnd = (url) =>
  new Promise((resolve, reject) => {
    const { Hls, document } = globalThis;
    const video = document.querySelector("video");
    const player = new Hls();
    const errors = [];
    player.on(Hls.Events.ERROR, (_, { fatal, details, reason }) => {
      errors.push(`${details} ${reason ?? ""}`.trim());
      if (fatal) reject(new Error(errors.join("; ")));
    });
    video.addEventListener("ended", () =>
      resolve({
        errors,
        duration: video.duration,
        endedAt: video.currentTime,
        height: video.videoHeight,
        levels: player.levels.length,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
      }),
    );
    video.defaultPlaybackRate = 4;
    player.loadSource(url);
    player.attachMedia(video);
    video.play().catch(reject);
  });
