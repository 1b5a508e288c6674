import { expect } from "chai";
import { AudioTrackList } from "../../web/player/audio-track-list.ts";

describe("the audio tracks of a video element", () => {
  const labels = [
    { label: "English", language: "en" },
    { label: "Commentary", language: "" },
  ];

  it("are listed with the one that plays", () => {
    const list = new AudioTrackList();
    list.replace(labels, 1);
    expect([...list].map(({ id, label, language, enabled }) => [id, label, language, enabled])).to.deep.equal(
      [
        ["0", "English", "en", false],
        ["1", "Commentary", "", true],
      ],
    );
  });

  it("report the user's choice once, and what the player plays not at all", () => {
    const list = new AudioTrackList();
    const selected: number[] = [];
    list.onSelect = (index) => selected.push(index);
    list.replace(labels, 0);
    // media-chrome sets every track.
    for (const track of list) track.enabled = track.id === "1";
    for (const track of list) track.enabled = track.id === "1";
    list.setEnabled(0);

    expect(selected).to.deep.equal([1]);
    expect([...list].map(({ enabled }) => enabled)).to.deep.equal([true, false]);
  });
});
