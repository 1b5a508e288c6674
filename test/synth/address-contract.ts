import { listAddresses, type SynthesizedStack } from "./synthesize.ts";

/** The agreed addresses of each stack, and those retired on purpose, with the reason. */
export interface AddressContract {
  readonly addresses: readonly string[];
  readonly retired: Readonly<Record<string, string>>;
}

/**
 * What a stack breaks of its contract. Terraform takes a changed address for one resource destroyed and another made,
 * so one that goes must be moved (a `moved` block) or given up by name.
 */
export const findContractBreaks = (contract: AddressContract, stack: SynthesizedStack): readonly string[] => {
  const current = new Set(listAddresses(stack));
  const moved = new Map(stack.moved.map(({ from, to }) => [from, to]));
  const removed = contract.addresses
    .filter((address) => !current.has(address) && contract.retired[address] === undefined)
    .flatMap((address) => {
      const to = moved.get(address);
      if (to === undefined) return [`${address} is gone: move it with a moved block, or give it up by name`];
      return current.has(to) ? [] : [`${address} is moved to ${to}, which does not stand`];
    });
  const added = [...current]
    .filter((address) => !contract.addresses.includes(address))
    .map((address) => `${address} is new: agree to it by UPDATE_SNAPSHOTS=1`);
  return [...removed, ...added];
};

/** The contract with new addresses and without moved ones; removed ones stay until they are retired. */
export const updateContract = (contract: AddressContract, stack: SynthesizedStack): AddressContract => {
  const moved = new Set(stack.moved.map(({ from }) => from));
  const addresses = [
    ...new Set([...contract.addresses.filter((address) => !moved.has(address)), ...listAddresses(stack)]),
  ];
  return { addresses: addresses.sort(), retired: contract.retired };
};
