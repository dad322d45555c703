// How much of a source is its beginning.
/** `onCut` is told where something followed. */
export type Head = { readonly bytesMax: number; readonly onCut: () => void }
