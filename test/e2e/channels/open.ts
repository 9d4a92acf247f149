/**
 * What is known to be wrong, with what decides it: channels that get through, and benign actions that are refused. The test
 * holds this list to be exact.
 */

export const OPEN_CHANNELS: Readonly<Record<string, string>> = {}

export const REFUSED_BENIGN: Readonly<Record<string, string>> = {}
