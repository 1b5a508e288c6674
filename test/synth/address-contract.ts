import { addressesOf, type SynthesisedStack } from "./synthesise.ts";

/** What was agreed: the addresses of each stack, and those that were given up on purpose, with the reason. */
export interface AddressContract {
  readonly addresses: readonly string[];
  readonly givenUp: Readonly<Record<string, string>>;
}

/**
 * What a stack breaks of its contract. Terraform takes a changed address for one resource destroyed and another made,
 * so one that goes must be moved (a `moved` block) or given up by name.
 */
export const brokenAddresses = (contract: AddressContract, stack: SynthesisedStack): readonly string[] => {
  const standing = new Set(addressesOf(stack));
  const moved = new Map(stack.moved.map(({ from, to }) => [from, to]));
  const gone = contract.addresses
    .filter((address) => !standing.has(address) && contract.givenUp[address] === undefined)
    .flatMap((address) => {
      const to = moved.get(address);
      if (to === undefined) return [`${address} is gone: move it with a moved block, or give it up by name`];
      return standing.has(to) ? [] : [`${address} is moved to ${to}, which does not stand`];
    });
  const fresh = [...standing]
    .filter((address) => !contract.addresses.includes(address))
    .map((address) => `${address} is new: agree to it by UPDATE_SNAPSHOTS=1`);
  return [...gone, ...fresh];
};

/** The contract with what is new, and without what was moved away; what is gone stays until somebody decides. */
export const agreedAddresses = (contract: AddressContract, stack: SynthesisedStack): AddressContract => {
  const moved = new Set(stack.moved.map(({ from }) => from));
  const addresses = [
    ...new Set([...contract.addresses.filter((address) => !moved.has(address)), ...addressesOf(stack)]),
  ];
  return { addresses: addresses.sort(), givenUp: contract.givenUp };
};
