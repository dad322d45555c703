/** A text as a download of the browser: nothing of it is asked for again. */
export function saveFile(name: string, { text, type }: { readonly text: string; readonly type: string }): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
