// Names for the sub-accounts that a user id lacks, so that its conferences need not collide.

/**
 * `count` user ids that are not taken, made from the one that is too few: jsmith-2, jsmith-3. The numbers go on where others
 * took them; `isTaken` is asked in any case of letters.
 */
export function addedUserIds(
  userId: string,
  { count, isTaken }: { readonly count: number; readonly isTaken: (userId: string) => boolean },
): string[] {
  const added: string[] = []
  for (let number = 2; added.length < count; number += 1) {
    const proposed = `${userId}-${number}`
    if (!isTaken(proposed)) added.push(proposed)
  }
  return added
}
