/** Difference of two players that is corrected, seconds. Less is not visible, and a seek stops the picture. */
const maxDriftSeconds = 0.2;

/**
 * Keeps a player at the time of another one.
 *
 * @param leader the player that the user controls
 * @param follower plays the same without audio
 * @returns stops it
 */
export const synchronize = (leader: HTMLVideoElement, follower: HTMLVideoElement): (() => void) => {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const align = (): void => {
    follower.currentTime = Math.min(leader.currentTime, follower.duration || leader.currentTime);
  };
  const correct = (): void => {
    const drift = Math.abs(follower.currentTime - leader.currentTime);
    if (drift > maxDriftSeconds && !follower.seeking && !follower.ended) align();
  };
  const play = (): void => void follower.play().catch(() => undefined);
  leader.addEventListener("play", play, options);
  leader.addEventListener("pause", () => follower.pause(), options);
  leader.addEventListener("seeking", align, options);
  leader.addEventListener("timeupdate", correct, options);
  leader.addEventListener(
    "ratechange",
    () => {
      follower.playbackRate = leader.playbackRate;
    },
    options,
  );
  // One that has to load does not let the other run away.
  leader.addEventListener("waiting", () => follower.pause(), options);
  leader.addEventListener("playing", play, options);
  follower.addEventListener(
    "loadedmetadata",
    () => {
      align();
      if (!leader.paused) play();
    },
    options,
  );
  return () => controller.abort();
};
