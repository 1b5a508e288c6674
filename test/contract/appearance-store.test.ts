import { createMemoryAppearanceStore } from "../../adapters/local/memory-appearance-store.ts";
import { describeAppearanceStoreContract } from "./appearance-store.ts";

describeAppearanceStoreContract("in memory", async (clock) => createMemoryAppearanceStore(clock));
