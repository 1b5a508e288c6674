// Runs in a page that has hls.js and one video.
{
  const { AudioContext, AudioWorkletNode, Blob, Hls, URL, document } = globalThis;

  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

  /** Listens to a video: onsets by the clock of its audio context, and what that clock is ahead of the media time. */
  const listen = async (video, worklet) => {
    const context = new AudioContext();
    await context.audioWorklet.addModule(
      URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })),
    );
    await context.resume();
    const detector = new AudioWorkletNode(context, "onset-detector");
    context.createMediaElementSource(video).connect(detector).connect(context.destination);
    const onsets = [];
    const offsets = [];
    detector.port.onmessage = ({ data }) => onsets.push(data);
    const sampleClocks = () => {
      if (video.paused || video.seeking) return;
      offsets.push({ contextSeconds: context.currentTime, seconds: context.currentTime - video.currentTime });
    };
    setInterval(sampleClocks, 4);
    /** Media times of the onsets: by the median offset of the clocks within 0.3 s around each. */
    return () =>
      onsets.map((onset) => {
        const near = offsets.filter(({ contextSeconds }) => Math.abs(contextSeconds - onset) < 0.3);
        return onset - median(near.map(({ seconds }) => seconds));
      });
  };

  /** Watches a video: media times of the first frames whose right half is bright. */
  const watch = (video) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 16, height: 8 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const flashes = [];
    let wasBright = false;
    const onFrame = (_, { mediaTime }) => {
      video.requestVideoFrameCallback(onFrame);
      context.drawImage(video, 0, 0, 16, 8);
      const isBright = context.getImageData(12, 3, 1, 1).data[0] > 128;
      if (isBright && !wasBright) flashes.push(mediaTime);
      wasBright = isBright;
    };
    video.requestVideoFrameCallback(onFrame);
    return () => flashes;
  };

  /**
   * Plays a playlist through Media Source Extensions several times, and answers the media times of its flashes and beeps.
   *
   * @param url of a multivariant playlist
   * @param rounds how often it is played
   * @param worklet text of the module for the AudioWorklet
   */
  globalThis.measureSync = async (url, rounds, worklet) => {
    const video = document.querySelector("video");
    const player = new Hls();
    const errors = [];
    player.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && errors.push(details));
    player.loadSource(url);
    player.attachMedia(video);
    const readBeeps = await listen(video, worklet);
    const readFlashes = watch(video);
    for (let round = 0; round < rounds && errors.length === 0; round += 1) {
      video.currentTime = 0;
      await video.play();
      await new Promise((resolve) => {
        const check = setInterval(() => {
          if (video.currentTime < 3.5 && !video.ended && errors.length === 0) return;
          clearInterval(check);
          resolve();
        }, 20);
      });
      video.pause();
    }
    return { flashes: readFlashes(), beeps: readBeeps(), errors };
  };
}
