// An amount of usage as a document says it.

/** An amount of base units, and the text that said it (`100 MB`). Not negative. */
export type Quantity = { readonly text: string; readonly base: bigint }
