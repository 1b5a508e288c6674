// Runs in an AudioWorklet.

const { AudioWorkletProcessor, registerProcessor } = globalThis;

/** Posts the context time, in seconds, at which audio becomes loud after at least 0.2 s of silence. */
class OnsetDetector extends AudioWorkletProcessor {
  lastLoudSeconds = -1;

  process([[samples] = []]) {
    for (const [index, sample] of (samples ?? []).entries()) {
      if (Math.abs(sample) < 0.15) continue;
      const seconds = globalThis.currentTime + index / globalThis.sampleRate;
      if (seconds - this.lastLoudSeconds > 0.2) this.port.postMessage(seconds);
      this.lastLoudSeconds = seconds;
    }
    return true;
  }
}

registerProcessor("onset-detector", OnsetDetector);
