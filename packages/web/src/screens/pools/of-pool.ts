// What every part of a pool's screen is given: the pool and the month.
export type OfPool = { readonly pool: string; readonly period: string }
