// A file of the example; its path is relative to the example's folder.
export type WrittenFile = { readonly path: string; readonly content: string }
