/** `cost-centre OPS` as the list has it, in words. */
export function ownerWords(owner: string): string {
  return owner.replace(/^cost-centre /, 'cost centre ')
}
