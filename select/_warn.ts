/**
 * Where warnings go.
 *
 * @module
 */

/** Takes the text of a warning. */
export type WarnSink = (text: string) => void;

const toConsole: WarnSink = (text) => console.warn(text);
let sink: WarnSink = toConsole;

/** Warns of a use that works and should be another. */
export function warn(text: string): void {
  sink(text);
}

/** Sends warnings elsewhere; back to the console if nowhere is given. */
export function setWarn(to: WarnSink = toConsole): void {
  sink = to;
}
