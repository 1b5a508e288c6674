import { type Destination, describeDestination } from "./destinations.ts";

interface DestinationPickerProps {
  readonly destinations: readonly Destination[];
  readonly selectedPrefix: string;
  readonly onSelect: (prefix: string) => void;
}

/** Chooses where the files go, which decides what is made of them. */
export const DestinationPicker = ({ destinations, selectedPrefix, onSelect }: DestinationPickerProps) => (
  <fieldset class="upload-destinations">
    <legend>Destination</legend>
    {destinations.map((destination) => (
      <label key={destination.prefix} class="upload-destination">
        <input
          type="radio"
          name="destination"
          value={destination.prefix}
          checked={destination.prefix === selectedPrefix}
          onChange={() => onSelect(destination.prefix)}
        />
        <span class="upload-destination-name">
          {destination.prefix === "" ? "No folder" : <bdi>{destination.prefix}</bdi>}
        </span>
        <span class="muted">{describeDestination(destination)}</span>
      </label>
    ))}
  </fieldset>
);
