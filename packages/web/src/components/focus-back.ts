// Where the focus goes once a dialog is closed (WCAG 2.2, 2.4.3). Mantine gives it back where a dialog stays in the page and is
// opened and closed; one that comes with its address, and goes with it, has to do so itself.
import { useEffect, useState } from 'react'

/** Of a component that is there while its dialog is open: what had the focus before has it again afterwards, where it still is. */
export function useFocusBack(): void {
  // As the component is first drawn: a moment later the dialog has the focus.
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      setTimeout(() => {
        const hasNobody = document.activeElement === null || document.activeElement === document.body
        if (hasNobody && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      })
    },
    [before],
  )
}
