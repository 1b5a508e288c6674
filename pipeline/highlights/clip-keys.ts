import { archivePrefix } from "../configuration/channels-schema.ts";

/** Prefix of the sources of clips, in the archive, which expires. No channel can have the name of the folder. */
export const clipSourcePrefix = `${archivePrefix}_clips/`;
/** Prefix of the clips in the output bucket. */
export const clipPrefix = "highlights/";
